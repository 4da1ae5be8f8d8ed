/**
 * Serves `tuning.refine`: asks the teachers, then tunes on the target with their answers in place of labels. A quarter of
 * the inputs is held out, and the step is kept that agrees best with the teachers there.
 */
import { mean } from 'simple-statistics'
import { AnchorageError } from '#engine/common/contract/errors.ts'
import type { RefinementRequest, RefinementResult } from '#engine/common/contract/refinement.ts'
import type { Task } from '#engine/common/contract/tasks.ts'
import { seededUniform, shuffled } from '#engine/common/random/seeded-random.ts'
import type { Provider } from '#engine/devices/session.ts'
import { readTask } from '#engine/evaluation/read-task.ts'
import { makeReadyCondition } from '#engine/evaluation/ready-condition.ts'
import { readWordList } from '#engine/evaluation/relation-folder.ts'
import { leaseLanguageModel } from '#engine/language-model/lease-language-model.ts'
import { openModel } from '#engine/models/open-model.ts'
import { type CallContext, tuneOnTask } from './run-tuning.ts'
import {
  answerInputs,
  combineAnswers,
  sharedWords,
  type TeacherAnswer,
  type UnlabelledInput
} from './teacher-answers.ts'

/** Fewer answers than this are all tuned on, and the last step is the result. */
const leastToHoldOut = 8

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
  const inputs = await chooseInputs(task, request)
  const words = await findWords(task, request, context.signal)
  const answers = await askTeachers(task, inputs, words, request, device, context)
  const confident = answers.filter(({ confidence }) => confidence >= request.leastConfidence)
  if (confident.length === 0) throw nothingAnswered(answers, request)
  const held = confident.length < leastToHoldOut ? 0 : Math.floor(confident.length / 4)
  const taught: Task = {
    ...task,
    candidates: words,
    splits: { train: confident.slice(held), dev: confident.slice(0, held), test: [] }
  }
  const distributions =
    request.targets === 'soft' ? new Map(confident.map(({ id, distribution }) => [id, distribution])) : null
  const tuned = await tuneOnTask(taught, request, device, context, distributions)
  return {
    ...tuned,
    teaching: {
      inputs: inputs.length,
      trained: tuned.examples.train.used,
      heldOut: tuned.examples.dev.used,
      candidates: words.length,
      confidence: mean(confident.map(({ confidence }) => confidence))
    },
    seconds: (performance.now() - started) / 1000
  }
}

/** A seeded draw from the file of inputs, or from the train split: of each example the id and the input alone. */
async function chooseInputs(
  task: Task,
  { inputs, inputsFile, seed }: RefinementRequest
): Promise<UnlabelledInput[]> {
  const all =
    inputsFile === null
      ? task.splits.train.map(({ id, input }) => ({ id, input }))
      : (await readWordList(inputsFile)).map((input, index) => ({ id: `line:${index}`, input }))
  if (all.length === 0)
    throw new AnchorageError('bad-argument', 'There are no inputs to ask the teachers.', {
      where: inputsFile ?? task.name,
      expected: 'inputs, one a line, or a train split, whose labels are not looked at'
    })
  return shuffled(all, seededUniform(seed)).slice(0, inputs ?? undefined)
}

async function findWords(task: Task, request: RefinementRequest, signal: AbortSignal): Promise<string[]> {
  if (task.candidates === null)
    throw new AnchorageError('needs-choice', 'Teachers answer within the words that all models share.', {
      where: task.name,
      expected: 'a list of candidate words',
      next: 'Name one, such as the common vocabulary of the relations.'
    })
  const tokenizers = []
  for (const model of [...request.teachers.map((teacher) => teacher.model), request.model])
    tokenizers.push((await openModel(model, signal)).tokenizer)
  const words = sharedWords(task.candidates, tokenizers)
  if (words.length > 0) return words
  throw new AnchorageError('mismatch', 'No candidate word is one token in every model.', {
    where: task.name,
    found: `${task.candidates.length} candidates`,
    next: 'Choose models that share words with the task.'
  })
}

/** One teacher after another, so that one model is held at a time. */
async function askTeachers(
  task: Task,
  inputs: readonly UnlabelledInput[],
  words: readonly string[],
  { teachers }: RefinementRequest,
  device: Provider,
  { signal, progress }: CallContext
): Promise<TeacherAnswer[]> {
  const asked = []
  for (const [done, { model: reference, condition, weight }] of teachers.entries()) {
    progress({ done, total: teachers.length, label: `asking the teacher in ${reference.folder}` })
    const lease = await leaseLanguageModel(reference, device, signal)
    try {
      const ready = makeReadyCondition(condition, task, lease.value)
      asked.push({ weight, probabilities: await answerInputs(lease.value, ready, inputs, words, signal) })
    } finally {
      await lease.release()
    }
  }
  return combineAnswers(inputs, words, asked)
}

function nothingAnswered(
  answers: readonly TeacherAnswer[],
  { leastConfidence }: RefinementRequest
): AnchorageError {
  if (answers.length === 0)
    return new AnchorageError('mismatch', 'None of the inputs could be asked of every teacher.', {
      expected: 'inputs that are short enough for all of them'
    })
  const highest = Math.max(...answers.map(({ confidence }) => confidence))
  return new AnchorageError('bad-argument', 'No answer of the teachers is confident enough.', {
    where: 'leastConfidence',
    found: `${highest.toFixed(3)} at most`,
    expected: `${leastConfidence} or more`,
    next: 'Lower the bound, or choose better prompts for the teachers.'
  })
}
