/**
 * Serves `tuning.refine`: asks the teachers, then tunes on the target with their answers in place of labels. A quarter of
 * the inputs is held out, and the step is kept that agrees best with the teachers there (of equally good ones that of the lowest
 * loss against their answers).
 */
import { mean } from 'simple-statistics'
import { AnchorageError } from '#engine/common/contract/errors.ts'
import {
  describeCost,
  type RefinementRequest,
  type RefinementResult
} from '#engine/common/contract/refinement.ts'
import type { Task } from '#engine/common/contract/tasks.ts'
import type { Provider } from '#engine/devices/session.ts'
import { readTask } from '#engine/evaluation/read-task.ts'
import { askTeachers } from './ask-teachers.ts'
import { holdOut } from './hold-out.ts'
import { type CallContext, tuneOnTask } from './run-tuning.ts'
import type { TeacherAnswer } from './teacher-answers.ts'

/**
 * Refines a prompt. Cancelled while it tunes, it answers with the best so far.
 * @throws AnchorageError `needs-choice` for a task without candidate words, `mismatch` where the models share none of them
 * or no input could be answered, `bad-argument` where no answer is confident enough, what tuning throws, `cancelled`
 */
export async function runRefinement(
  request: RefinementRequest,
  device: Provider,
  context: CallContext
): Promise<RefinementResult> {
  const started = performance.now()
  const task = await readTask(request.task)
  const { inputs, words, answers } = await askTeachers(task, request, device, context)
  const confident = answers.filter(({ confidence }) => confidence >= request.leastConfidence)
  if (confident.length === 0) throw nothingAnswered(answers, request)
  const taught: Task = {
    ...task,
    candidates: words,
    splits: { ...holdOut(confident), test: [] }
  }
  const distributions =
    request.targets === 'soft' ? new Map(confident.map(({ id, distribution }) => [id, distribution])) : null
  const { examples, ...tuned } = await tuneOnTask(taught, request, device, context, {
    distributions,
    ties: 'lowest-loss'
  })
  return {
    ...tuned,
    teaching: {
      inputs: inputs.length,
      trained: examples.train.used,
      heldOut: examples.dev.used,
      candidates: words.length,
      confidence: mean(confident.map(({ confidence }) => confidence))
    },
    notes: [`${describeCost(inputs.length, tuned.loss.length)}.`, ...tuned.notes],
    seconds: (performance.now() - started) / 1000
  }
}

function nothingAnswered(
  answers: readonly TeacherAnswer[],
  { leastConfidence }: RefinementRequest
): AnchorageError {
  const highest = Math.max(...answers.map(({ confidence }) => confidence))
  return new AnchorageError('bad-argument', 'No answer of the teachers is confident enough.', {
    where: 'leastConfidence',
    found: `${highest.toFixed(3)} at most`,
    expected: `${leastConfidence} or more`,
    next: 'Lower the bound, or choose better prompts for the teachers.'
  })
}
