/**
 * Evaluation with prompts, from examples to scores, against the plain model in onnxruntime on as many sequences in padded
 * batches. The plain model answers at every position and ranks nothing. An encoder is an ONNX file, as exported; a decoder's
 * graph is written from its weights, and computes once what its sequences begin with alike.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promptTemplate } from '#engine/common/contract/evaluation.ts'
import type { Example } from '#engine/common/contract/tasks.ts'
import { openSession, type Session } from '#engine/devices/session.ts'
import { encodeExamples } from '#engine/evaluation/encode-examples.ts'
import { evaluate } from '#engine/evaluation/evaluate.ts'
import type { ReadyCondition } from '#engine/evaluation/ready-condition.ts'
import { parseTemplate } from '#engine/evaluation/template.ts'
import { buildVerbaliser, type Verbaliser } from '#engine/evaluation/verbaliser.ts'
import { batchQuestions } from '#engine/language-model/batch-questions.ts'
import type { Batch, Question } from '#engine/language-model/batches.ts'
import type { LanguageModel } from '#engine/language-model/language-model.ts'
import { leaseLanguageModel } from '#engine/language-model/lease-language-model.ts'
import { randomVectors } from '#engine/models/random-vectors.ts'
import type { Tensor } from '#engine/onnx/tensor.ts'
import { makeExamples, word, writeBertFolder } from './bert-folder.ts'
import { type Figure, type Page, ratioFigure, shortestInTurns } from './figures.ts'
import { writeGpt2 } from './gpt2-folder.ts'

const [candidateWords, vectors, rounds] = [17_000, 5, 5]

type Case = {
  readonly what: string
  readonly folder: string
  readonly plain: string
  readonly template: string
  readonly prompts: number
  readonly examples: number
  /** The share of the plain model's time to reach. */
  readonly limit: number
}

/** The plain model on batches; the vectors' places are taken by words. */
async function askPlain(session: Session, batches: readonly { batch: Batch }[]): Promise<void> {
  for (const { batch } of batches) {
    const tensor = (data: BigInt64Array): Tensor => ({
      type: 'int64',
      dims: [batch.rows, batch.length],
      data
    })
    const feeds: Record<string, Tensor> = {
      input_ids: tensor(batch.ids),
      attention_mask: tensor(batch.attentionMask),
      token_type_ids: tensor(new BigInt64Array(batch.ids.length))
    }
    await session.run(Object.fromEntries(session.inputNames.map((name) => [name, feeds[name]])))
  }
}

function questionsOf(
  examples: readonly Example[],
  conditions: readonly ReadyCondition[],
  model: LanguageModel,
  verbaliser: Verbaliser
): Question[] {
  return conditions.flatMap(({ template }, condition) =>
    encodeExamples(examples, template, model, verbaliser).examples.map(({ question }) => ({
      ...question,
      ids: question.ids.map((id) => (id < 0 ? id - condition * vectors : id))
    }))
  )
}

/** The share of a batch's places that hold no token. */
function paddingOf(batches: readonly { batch: Batch }[]): number {
  let [places, tokens] = [0, 0]
  for (const { batch } of batches) {
    places += batch.attentionMask.length
    for (const one of batch.attentionMask) tokens += Number(one)
  }
  return 1 - tokens / places
}

async function measure({ what, folder, plain, template, prompts, examples, limit }: Case): Promise<Figure[]> {
  const lease = await leaseLanguageModel({ folder }, 'cpu')
  const session = await openSession(plain, { device: 'cpu' })
  try {
    const model = lease.value
    const asked = makeExamples(examples, candidateWords)
    const conditions = Array.from(
      { length: prompts },
      (_, seed): ReadyCondition => ({
        name: `prompt ${seed}`,
        template: parseTemplate(template),
        vectors: randomVectors(vectors, seed, model)
      })
    )
    const words = Array.from({ length: candidateWords }, (_, i) => word(i))
    const verbaliser = buildVerbaliser(words, model.tokenizer)
    const questions = questionsOf(asked, conditions, model, verbaliser)
    // The virtual tokens of prompts are words of the plain model's table.
    const padded = batchQuestions(questions, { ...model, packedLength: null, firstVirtualToken: 5 })
    const [plainTime, time] = await shortestInTurns(rounds, [
      () => askPlain(session, padded),
      () => evaluate(model, conditions, asked, verbaliser)
    ])
    const padding = 100 * paddingOf(batchQuestions(questions, model))
    return [
      {
        what: `${what}: the plain model`,
        figure: `${(questions.length / plainTime).toFixed(1)} sequences a second`
      },
      { what: `${what}: evaluation`, figure: `${(questions.length / time).toFixed(1)} sequences a second` },
      ratioFigure(`${what}: evaluation : the plain model, time`, time / plainTime, limit),
      {
        what: `${what}: padding`,
        figure: `${padding.toFixed(1)} %`,
        target: '≤ 5 %',
        held: padding <= 5
      }
    ]
  } finally {
    await session.release()
    await lease.release()
  }
}

export async function benchEvaluationThroughput(page: Page): Promise<void> {
  page.text(
    `BERT-base and GPT-2 by their sizes; prompts of ${vectors} vectors, subjects of 1 to 4 words, ranked among ${candidateWords.toLocaleString('en')} words`
  )
  const folder = await mkdtemp(join(tmpdir(), 'anchorage-bench-'))
  try {
    await writeBertFolder(folder)
    const encoder = { folder, plain: join(folder, 'onnx/model.onnx'), prompts: 1, examples: 128 }
    page.figures(
      await measure({ ...encoder, what: 'encoder', template: promptTemplate(vectors), limit: 0.75 })
    )
    const { model, plain } = await writeGpt2(folder)
    const decoder = { folder: model, plain, prompts: 8, examples: 32, limit: 0.45 }
    const slots = Array.from({ length: vectors }, (_, index) => `[V${index + 1}]`).join(' ')
    page.figures([
      ...(await measure({ ...decoder, what: 'decoder, prompts in front', template: `${slots} [X] [MASK]` })),
      ...(await measure({ ...decoder, what: 'decoder, subjects in front', template: `[X] ${slots} [MASK]` }))
    ])
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
