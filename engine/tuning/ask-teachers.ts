/** Inputs without labels, and what source models answer to them: what refinement learns, and agreement is measured with. */
import { AnchorageError } from '#engine/common/contract/errors.ts'
import type { TeachingRequest } from '#engine/common/contract/refinement.ts'
import type { Task } from '#engine/common/contract/tasks.ts'
import type { Provider } from '#engine/devices/session.ts'
import { makeReadyCondition } from '#engine/evaluation/ready-condition.ts'
import { readWordList } from '#engine/evaluation/relation-folder.ts'
import { leaseLanguageModel } from '#engine/language-model/lease-language-model.ts'
import { openModel } from '#engine/models/open-model.ts'
import { drawFew } from './hold-out.ts'
import type { CallContext } from './run-tuning.ts'
import {
  answerInputs,
  combineAnswers,
  sharedWords,
  type TeacherAnswer,
  type UnlabelledInput
} from './teacher-answers.ts'

/** A seeded draw from the file of inputs, or from the train split: of each example the id and the input alone. */
async function chooseInputs(
  task: Task,
  { inputs, inputsFile, seed }: TeachingRequest
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
  return drawFew(all, inputs, seed)
}

async function findWords(task: Task, request: TeachingRequest, signal: AbortSignal): Promise<string[]> {
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

export type Taught = {
  /** What was asked, and the words that all models share. */
  readonly inputs: readonly UnlabelledInput[]
  readonly words: string[]
  /** To the inputs that every teacher could be asked. */
  readonly answers: readonly TeacherAnswer[]
}

/**
 * Asks one teacher after another, so that one model is held at a time.
 * @throws `needs-choice` for a task without candidate words, `mismatch` where the models share none of them or no input could
 * be answered, `bad-argument` where there are no inputs, `cancelled`
 */
export async function askTeachers(
  task: Task,
  request: TeachingRequest,
  device: Provider,
  { signal, progress }: CallContext
): Promise<Taught> {
  const inputs = await chooseInputs(task, request)
  const words = await findWords(task, request, signal)
  const { teachers } = request
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
  const answers = combineAnswers(inputs, words, asked)
  if (answers.length > 0) return { inputs, words, answers }
  throw new AnchorageError('mismatch', 'None of the inputs could be asked of every teacher.', {
    where: task.name,
    expected: 'inputs that are short enough for all of them'
  })
}
