/** Rows of several questions: what each token sees, and that models answer as with a row for each question. */
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { RowLayout } from '#engine/architectures/model-writer.ts'
import { writeCheckpointGraph } from '#engine/architectures/write-graph.ts'
import type { Matrix } from '#engine/common/contract/matrix.ts'
import { seededNormal } from '#engine/common/random/seeded-random.ts'
import { type Batch, padBatch, type Question } from '#engine/language-model/batches.ts'
import { batchFeeds, requireFloats } from '#engine/language-model/open-language-model.ts'
import { openWeightsSession } from '#engine/language-model/open-weights-session.ts'
import { packedBatches } from '#engine/language-model/packed-batches.ts'
import { readModelConfig } from '#engine/models/model-config.ts'
import { listWeights } from '#engine/models/weight-files.ts'
import { promptedModel } from '#engine/onnx/prompted-model.ts'
import { architectureFixtures } from '#test/support/families.ts'

/** Questions of a relation: each of some subjects with the vectors of each of some prompts behind it, or before. */
function questionsOf(subjects: number, prompts: number, where: 'before' | 'behind'): Question[] {
  const made: Question[] = []
  for (let subject = 0; subject < subjects; subject++)
    for (let prompt = 0; prompt < prompts; prompt++) {
      const words = Array.from({ length: 1 + (subject % 4) }, (_, at) => 3 + ((subject * 7 + at * 5) % 40))
      const vectors = [0, 1, 2].map((vector) => -1 - (3 * prompt + vector))
      const ids = where === 'behind' ? [2, ...words, ...vectors, 1] : [2, ...vectors, ...words, 1]
      made.push({ ids, answerPosition: ids.length - 1 })
    }
  return made
}

const settings = { rowLength: 40, tokensPerBatch: 400, firstVirtualToken: 96, padToken: 0 }

/** The ids that the answer to a question is given for: those of the tokens that its token sees, by their positions. */
function idsSeen(
  { ids, length, answerRows = new Int32Array(), answerPositions, packed }: Batch,
  answer: number
) {
  const row = answerRows[answer] * length
  const seen = [...Array(length).keys()].filter(
    (other) => packed?.visible[(row + answerPositions[answer]) * length + other] === 1
  )
  const positions = seen.map((other) => Number(packed?.positions[row + other]))
  expect(positions).toEqual([...positions.keys()])
  return seen.map((other) => Number(ids[row + other]))
}

describe.each(['before', 'behind'] as const)('questions with their vectors %s the subject', (where) => {
  const questions = questionsOf(8, 6, where)
  const batches = packedBatches(questions, settings)

  it('are answered once each, by the tokens of each alone', () => {
    const answered = batches.flatMap(({ indices, batch }) =>
      indices.map((question, answer) => ({ question, seen: idsSeen(batch, answer) }))
    )
    const expected = questions.map(({ ids }) => ids.map((id) => (id < 0 ? 95 - id : id)))
    expect(answered.toSorted((a, b) => a.question - b.question).map(({ seen }) => seen)).toEqual(expected)
  })

  it('share what they begin with, and leave little empty', () => {
    const all = questions.reduce((sum, { ids }) => sum + ids.length, 0)
    const sum = (of: (batch: Batch) => number) => batches.reduce((total, { batch }) => total + of(batch), 0)
    const tokens = sum(({ attentionMask }) => attentionMask.filter((one) => one === 1n).length)
    const places = sum(({ rows, length }) => rows * length)
    // Six of the tokens before a subject are shared by 8 questions; behind it, 3.5 of 8 tokens by 6.
    expect(tokens / all).toBeLessThan(where === 'before' ? 0.6 : 0.75)
    expect(tokens / places).toBeGreaterThan(0.85)
    for (const { batch, indices } of batches) {
      expect(batch.rows * batch.length).toBeLessThanOrEqual(settings.tokensPerBatch)
      expect(8 * indices.length).toBeLessThanOrEqual(settings.tokensPerBatch)
    }
  })
})

it('a question longer than a row has one of its own', () => {
  const ids = Array.from({ length: 60 }, (_, at) => 3 + at)
  const [{ batch }] = packedBatches([{ ids, answerPosition: 59 }], settings)
  expect(batch).toMatchObject({ rows: 1, length: 60 })
})

/** A fixture's graph with rows of one kind, as a function on batches. */
async function openFamily(folder: string, layout: RowLayout) {
  const { file } = await readModelConfig(folder)
  const { tensors } = await listWeights(folder)
  const prompted = promptedModel(writeCheckpointGraph(file, tensors, layout))
  const session = await openWeightsSession(prompted.model, prompted, 'cpu')
  const { vocabularySize, width } = prompted.graft
  const prompts: Matrix = { rows: 9, columns: width, data: seededNormal(3, 9 * width, 0, 0.1) }
  return {
    firstVirtualToken: vocabularySize,
    answer: async (batch: Batch) => {
      const { [prompted.head.logits]: logits } = await session.run(batchFeeds(prompted, batch, prompts))
      return requireFloats(logits, 'logits')
    },
    release: session.release
  }
}

/** Those with a window have one shorter than the longest question; half precision is computed in float32. */
const causalFamilies = [
  ...['bloom', 'gemma', 'gemma2', 'gemma3_text', 'gpt2', 'gpt_neo', 'gpt_neox', 'llama', 'llama-linear'],
  ...['llama-llama3', 'llama-yarn', 'mistral', 'olmo2', 'opt', 'phi', 'phi3', 'qwen2', 'qwen3', 'smollm3']
]

describe('a model answers as with a row for each question', () => {
  it.each(causalFamilies)('%s', async (family) => {
    const folder = join(architectureFixtures, family)
    const [rows, packed] = [
      await openFamily(folder, 'one sequence'),
      await openFamily(folder, 'several sequences')
    ]
    try {
      const { firstVirtualToken } = rows
      const questions = [...questionsOf(5, 3, 'behind'), ...questionsOf(3, 3, 'before')]
      const { data, dims } = await rows.answer(padBatch(questions, firstVirtualToken, 0))
      const largest = data.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
      let difference = 0
      for (const { indices, batch } of packedBatches(questions, { ...settings, firstVirtualToken })) {
        const found = await packed.answer(batch)
        for (const [answer, question] of indices.entries())
          for (let j = 0; j < dims[1]; j++)
            difference = Math.max(
              difference,
              Math.abs(found.data[answer * dims[1] + j] - data[question * dims[1] + j])
            )
      }
      // Products of other sizes sum in another order.
      expect(difference / largest).toBeLessThan(1e-5)
      const asked = await packed.answer(padBatch(questions, firstVirtualToken, 0))
      expect(Math.max(...asked.data.map((value, at) => Math.abs(value - data[at]))) / largest).toBeLessThan(
        1e-5
      )
    } finally {
      await rows.release()
      await packed.release()
    }
  })
})
