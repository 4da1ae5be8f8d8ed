/** Evaluation against the plain, un-grafted models, example by example. */
import { expect, onTestFinished, test } from 'vitest'
import type { Matrix } from '#engine/common/contract/matrix.ts'
import { gatherRows, row } from '#engine/common/contract/matrix.ts'
import type { Example } from '#engine/common/contract/tasks.ts'
import { encodeExamples } from '#engine/evaluation/encode-examples.ts'
import { evaluate } from '#engine/evaluation/evaluate.ts'
import type { ReadyCondition } from '#engine/evaluation/ready-condition.ts'
import { parseTemplate } from '#engine/evaluation/template.ts'
import { buildVerbaliser } from '#engine/evaluation/verbaliser.ts'
import type { LanguageModel } from '#engine/language-model/language-model.ts'
import { leaseLanguageModel } from '#engine/language-model/lease-language-model.ts'
import { openLanguageModel } from '#engine/language-model/open-language-model.ts'
import { openWithTable } from '#test/support/open-with-table.ts'
import { gemmaFolder, readersReference } from '#test/support/readers.ts'
import { referenceFamilies, referenceModelFolder } from '#test/support/reference-models.ts'
import { type Family, float32Data, int64, runOnce } from '#test/support/reference-runs.ts'
import { wordFacts, wordTemplate } from '#test/support/word-tasks.ts'

const words = ['france', 'germany', 'japan', 'italy', 'spain']
const examples: Example[] = wordFacts().map(({ sub, obj }, index) => ({
  id: `${index}`,
  input: sub,
  label: obj
}))

async function open(family: Family): Promise<LanguageModel> {
  const lease = await leaseLanguageModel({ folder: referenceModelFolder(family) }, 'cpu')
  onTestFinished(lease.release)
  return lease.value
}

function condition(name: string, template: string, vectors: Matrix): ReadyCondition {
  return { name, template: parseTemplate(template), vectors }
}

function manual(model: LanguageModel): ReadyCondition {
  return condition('manual', wordTemplate, { rows: 0, columns: model.width, data: new Float32Array(0) })
}

/** The plain model's logits for one unpadded sequence at a position. */
async function plainLogits(family: Family, ids: readonly number[], position: number): Promise<Float32Array> {
  const dims = [1, ids.length]
  const feeds = {
    input_ids: int64(dims, ids),
    attention_mask: int64(
      dims,
      ids.map(() => 1)
    ),
    ...(family === 'gpt2'
      ? {}
      : {
          token_type_ids: int64(
            dims,
            ids.map(() => 0)
          )
        })
  }
  const logits = float32Data(
    await runOnce(`${referenceModelFolder(family)}/onnx/model.onnx`, feeds),
    'logits'
  )
  const columns = logits.length / ids.length
  return logits.slice(position * columns, (position + 1) * columns)
}

test.each(referenceFamilies)('%s answers as the plain model does, one example at a time', async (family) => {
  const model = await open(family)
  const verbaliser = buildVerbaliser(words, model.tokenizer)
  const [{ predictions }] = await evaluate(model, [manual(model)], examples, verbaliser)
  const encoded = encodeExamples(examples, parseTemplate(wordTemplate), model, verbaliser).examples
  expect(predictions).toHaveLength(examples.length)
  for (const [index, { question, labelToken }] of encoded.entries()) {
    const logits = await plainLogits(family, question.ids, question.answerPosition)
    const exponents = [...verbaliser.tokens].map((token) => Math.exp(logits[token]))
    const probability = Math.exp(logits[labelToken]) / exponents.reduce((sum, value) => sum + value, 0)
    const order = [...verbaliser.tokens].sort((a, b) => logits[b] - logits[a])
    const { rank, loss, top } = predictions[index]
    expect(rank).toBe(order.indexOf(labelToken) + 1)
    expect(loss).toBeCloseTo(-Math.log(probability), 5)
    expect(top.map(({ word }) => word)).toEqual(order.map((token) => verbaliser.wordOf.get(token)))
  }
})

test.each(referenceFamilies)(
  "%s: vectors that are words' rows answer exactly as the words",
  async (family) => {
    const model = await open(family)
    const { table } = await openWithTable({ folder: referenceModelFolder(family) })
    const tokens = model.tokenizer.encode(' is in')
    const slots = tokens.map((_, index) => `[V${index + 1}]`).join(' ')
    const prompt = condition('rows', `[X] ${slots} [Y] .`, gatherRows(table, tokens))
    const [byWords] = await evaluate(model, [manual(model)], examples, null)
    const [byRows] = await evaluate(model, [prompt], examples, null)
    expect(byRows.predictions).toEqual(byWords.predictions)
  }
)

/** Vectors that differ from prompt to prompt. */
function wave(model: LanguageModel, rows: number, phase: number): Matrix {
  const data = Float32Array.from({ length: rows * model.width }, (_, i) => 0.3 * Math.sin(i * 1.7 + phase))
  return { rows, columns: model.width, data }
}

test.each(referenceFamilies)('%s: many prompts in one pass answer as one by one', async (family) => {
  const model = await open(family)
  const verbaliser = buildVerbaliser(words, model.tokenizer)
  const ready = [
    condition('three', '[X] [V1] [V2] [V3] [MASK] .', wave(model, 3, 1)),
    manual(model),
    condition('one', '[V1] [X] [MASK]', wave(model, 1, 2)),
    condition('three more', '[X] [V1] [V2] [V3] [MASK] .', wave(model, 3, 3))
  ]
  const together = await evaluate(model, ready, examples, verbaliser)
  const losses = new Set<number>()
  for (const [index, single] of ready.entries()) {
    const [alone] = await evaluate(model, [single], examples, verbaliser)
    for (const [at, { loss, rank }] of alone.predictions.entries()) {
      expect(together[index].predictions[at].loss).toBeCloseTo(loss, 5)
      expect(together[index].predictions[at].rank).toBe(rank)
      losses.add(loss)
    }
  }
  expect(losses.size).toBe(ready.length * examples.length)
})

test('small batches answer as one large batch', async () => {
  const model = await open('roberta')
  const [large] = await evaluate(model, [manual(model)], examples, null)
  const [small] = await evaluate({ ...model, batchTokens: 20 }, [manual(model)], examples, null)
  for (const [at, { loss }] of large.predictions.entries()) {
    expect(small.predictions[at].loss).toBeCloseTo(loss, 5)
  }
})

test('counts what is skipped, with the reason', async () => {
  const model = await open('bert')
  const verbaliser = buildVerbaliser(words, model.tokenizer)
  const odd: Example[] = [
    { id: 'good', input: 'king', label: 'france' },
    { id: 'many tokens', input: 'king', label: 'Liechtenstein' },
    { id: 'no candidate', input: 'king', label: 'river' },
    { id: 'long', input: 'king '.repeat(80), label: 'france' }
  ]
  const [{ skipped, predictions }] = await evaluate(model, [manual(model)], odd, verbaliser)
  expect(predictions.map(({ example }) => example)).toEqual(['good'])
  expect(skipped).toEqual({ labelNotOneToken: 1, labelNotCandidate: 1, tooLong: 1, noEmbedding: 0 })
  const cut = encodeExamples(
    odd.slice(0, 1),
    parseTemplate(wordTemplate),
    { ...model, firstVirtualToken: 5 },
    verbaliser
  )
  expect(cut.skipped.noEmbedding).toBe(1)
})

test('is refused where no example can be asked, with the labels and the reasons', async () => {
  const model = await open('bert')
  const odd: Example[] = [
    { id: 'many tokens', input: 'king', label: 'Liechtenstein' },
    { id: 'no candidate', input: 'king', label: 'river' }
  ]
  const asked = evaluate(model, [manual(model)], odd, buildVerbaliser(words, model.tokenizer), { task: 'P1' })
  await expect(asked).rejects.toMatchObject({
    code: 'mismatch',
    detail: {
      where: 'P1 on tiny-bert',
      found:
        '1 × labels that are not one token of the model, 1 × labels that are not among the candidates; the labels begin with "Liechtenstein", "river"'
    }
  })
})

test('a Gemma is asked for the next token, though its tokenizer names <mask>: answers as in PyTorch', async () => {
  const opened = await openWithTable({ folder: gemmaFolder })
  expect(opened.report).toMatchObject({ kind: 'causal', tokenizer: { maskToken: '<mask>' } })
  const model = await openLanguageModel(opened, 'cpu')
  onTestFinished(model.release)
  const asked = examples.filter(({ input }) => ['king', 'river'].includes(input))
  const [{ predictions }] = await evaluate(model, [manual(model)], asked, null)
  const plain = await readersReference('plain')
  const losses = asked.map(({ label }, index) => {
    const logits = [...row(plain, index)]
    const token = opened.tokenizer.idOf(`▁${label}`) ?? -1
    return Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit), 0)) - logits[token]
  })
  expect(predictions.map(({ input }) => input)).toEqual(['king', 'river'])
  for (const [index, { loss }] of predictions.entries()) expect(loss).toBeCloseTo(losses[index], 4)
})
