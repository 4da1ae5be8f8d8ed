/**
 * Evaluation with a prompt, from examples to scores, against the plain model in onnxruntime on batches of the same
 * sizes, at most three quarters of whose time it should take. The plain model answers at every position and ranks nothing.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promptTemplate } from '#engine/common/contract/evaluation.ts'
import { openSession } from '#engine/devices/session.ts'
import { encodeExamples } from '#engine/evaluation/encode-examples.ts'
import { evaluate } from '#engine/evaluation/evaluate.ts'
import type { ReadyCondition } from '#engine/evaluation/ready-condition.ts'
import { parseTemplate } from '#engine/evaluation/template.ts'
import { buildVerbaliser } from '#engine/evaluation/verbaliser.ts'
import { lengthBuckets, padBatch } from '#engine/language-model/batches.ts'
import { leaseLanguageModel } from '#engine/language-model/lease-language-model.ts'
import { randomVectors } from '#engine/models/random-vectors.ts'
import type { Tensor } from '#engine/onnx/tensor.ts'
import { makeExamples, word, writeBertFolder } from './bert-folder.ts'
import { type Page, ratioFigure } from './figures.ts'

const [examplesAsked, candidateWords, vectors, rounds] = [128, 17_000, 5, 5]

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]

async function milliseconds(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now()
  await work()
  return performance.now() - started
}

export async function benchEvaluationThroughput(page: Page): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'anchorage-bench-'))
  try {
    await writeBertFolder(folder)
    const lease = await leaseLanguageModel({ folder }, 'cpu')
    const model = lease.value
    const examples = makeExamples(examplesAsked, candidateWords)
    const template = parseTemplate(promptTemplate(vectors))
    const condition: ReadyCondition = { name: 'prompt', template, vectors: randomVectors(vectors, 1, model) }
    const verbaliser = buildVerbaliser(
      Array.from({ length: candidateWords }, (_, i) => word(i)),
      model.tokenizer
    )

    const questions = encodeExamples(examples, template, model, verbaliser).examples.map(
      ({ question }) => question
    )
    const buckets = lengthBuckets(questions, model.batchTokens)
    const plain = await openSession(join(folder, 'onnx/model.onnx'), { device: 'cpu' })
    const askPlain = async () => {
      for (const bucket of buckets) {
        // The prompt's places are taken by the words that follow the special tokens.
        const batch = padBatch(
          bucket.map((index) => questions[index]),
          5,
          model.padToken
        )
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
        await plain.run(Object.fromEntries(plain.inputNames.map((name) => [name, feeds[name]])))
      }
    }
    const askGrafted = () => evaluate(model, [condition], examples, verbaliser)
    const times: { plain: number[]; grafted: number[] } = { plain: [], grafted: [] }
    for (let round = 0; round <= rounds; round++) {
      const [plainTime, graftedTime] = [await milliseconds(askPlain), await milliseconds(askGrafted)]
      if (round === 0) continue
      times.plain.push(plainTime)
      times.grafted.push(graftedTime)
    }
    const [plainTime, graftedTime] = [median(times.plain), median(times.grafted)]
    const perSecond = (time: number) => `${((1000 * examplesAsked) / time).toFixed(1)} examples a second`
    page.figures([
      { what: 'plain model, logits at every position', figure: perSecond(plainTime) },
      {
        what: `evaluation with a prompt, ranked among ${candidateWords} words`,
        figure: perSecond(graftedTime)
      },
      ratioFigure('evaluation : plain model, time', graftedTime / plainTime, 0.75)
    ])
    await plain.release()
    await lease.release()
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
