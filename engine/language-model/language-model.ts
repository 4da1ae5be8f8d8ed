/** A language model at work, as tasks and tuning see it: questions in, logits out, prompts as virtual tokens. */
import type { Matrix } from '#engine/common/contract/matrix.ts'
import type { ModelKind } from '#engine/common/contract/models.ts'
import type { Tokenizer } from '#engine/models/tokenizer.ts'
import type { Batch } from './batches.ts'

export type LanguageModel = {
  readonly name: string
  readonly kind: ModelKind
  readonly tokenizer: Tokenizer
  /** `e`, the width that prompt vectors must have. */
  readonly width: number
  /** Statistics of the embedding table, for random vectors. */
  readonly mean: number
  readonly standardDeviation: number
  /** `V`: the id of the first virtual token; row `i` of the prompts is token `V + i`. */
  readonly firstVirtualToken: number
  /** Longest sequence, in tokens. */
  readonly maximumLength: number
  readonly padToken: number
  /** What the decoder of an encoder-decoder begins with; empty for other kinds. */
  readonly decoderStart: readonly number[]
  /** How many tokens a batch may hold, padding included. */
  readonly batchTokens: number
  /** Places of a row that holds many questions; null where the graph wants one in each. */
  readonly packedLength: number | null
  readonly device: string
  /** The logits `[n, V]` at every answer position, with the prompt vectors `[p, e]`. */
  readonly answer: (batch: Batch, prompts: Matrix) => Promise<Matrix>
  readonly release: () => Promise<void>
}
