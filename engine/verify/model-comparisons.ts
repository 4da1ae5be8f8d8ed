/**
 * What is compared of a model whose `reference.safetensors` has the keys table, prompt, ids, attention, positions, labels,
 * answers, loss and gradient: through the same doors by which evaluation and tuning use the model.
 */
import type { Batch } from '#engine/language-model/batches.ts'
import { openLanguageModel } from '#engine/language-model/open-language-model.ts'
import type { OpenModel } from '#engine/models/open-model.ts'
import { openPromptGradient } from '#engine/tuning/open-prompt-gradient.ts'
import { asMatrix, type ReferenceNumbers, whole } from './reference-numbers.ts'
import type { Quantity } from './tolerances.ts'

/** Computed numbers beside PyTorch's. */
export type Comparison = {
  /** For the person. */
  readonly what: string
  readonly quantity: Quantity
  readonly actual: ArrayLike<number>
  readonly expected: Float32Array
  /** Whether the difference counts relative to the largest expected value. */
  readonly isRelative: boolean
}

/** How each part of a model is compared; each opens what it needs and lets it go. */
export type ModelComparisons = {
  readonly table: () => Promise<readonly Comparison[]>
  readonly query: () => Promise<readonly Comparison[]>
  readonly tune: () => Promise<readonly Comparison[]>
}

/** The reference's batch; a negative id is the row of the prompt that batches call a virtual token. */
function batchOf(
  { tensor }: ReferenceNumbers,
  firstVirtualToken: number,
  { kind, decoderStart }: OpenModel
): Batch {
  const [rows, length] = tensor('ids').shape
  const ids = whole(tensor('ids')).map((id) => (id < 0n ? BigInt(firstVirtualToken - 1) - id : id))
  const attentionMask = whole(tensor('attention'))
  if (kind === 'encoder-decoder') {
    // The reference's decoder is given its start alone; its positions are those of the encoder.
    const decoderIds = new BigInt64Array(rows).fill(BigInt(decoderStart[0] ?? 0))
    return { rows, length, ids, attentionMask, decoderIds, answerPositions: new Int32Array(rows) }
  }
  const answerPositions = Int32Array.from(tensor('positions').values)
  return { rows, length, ids, attentionMask, answerPositions }
}

/** @param numbers read from beside the model */
export function modelComparisons(model: OpenModel, numbers: ReferenceNumbers): ModelComparisons {
  const expected = (name: string): Float32Array => numbers.tensor(name).values
  const prompt = () => asMatrix(numbers.tensor('prompt'), 'prompt')
  /** Known once the graph was opened. */
  let firstVirtualToken: number | undefined

  async function answers(): Promise<ArrayLike<number>> {
    const opened = await openLanguageModel(model, 'cpu')
    try {
      firstVirtualToken = opened.firstVirtualToken
      return (await opened.answer(batchOf(numbers, firstVirtualToken, model), prompt())).data
    } finally {
      await opened.release()
    }
  }

  return {
    table: async () => [
      {
        what: 'table',
        quantity: 'table',
        actual: (await model.readTable()).data,
        expected: expected('table'),
        isRelative: true
      }
    ],
    query: async () => [
      {
        what: 'answers',
        quantity: 'logits',
        actual: await answers(),
        expected: expected('answers'),
        isRelative: true
      }
    ],
    tune: async () => {
      const opened = await openPromptGradient(model, { amongCandidates: false }, 'cpu')
      try {
        const first = firstVirtualToken ?? model.report.table.shape[0]
        const labels = { kind: 'labels', tokens: Int32Array.from(expected('labels')) } as const
        const found = await opened.lossAndGradient(batchOf(numbers, first, model), labels, prompt(), null)
        return [
          {
            what: 'loss',
            quantity: 'loss',
            actual: [found.loss],
            expected: expected('loss'),
            isRelative: false
          },
          {
            what: 'gradient',
            quantity: 'gradient',
            actual: found.gradient,
            expected: expected('gradient'),
            isRelative: true
          }
        ]
      } finally {
        await opened.release()
      }
    }
  }
}
