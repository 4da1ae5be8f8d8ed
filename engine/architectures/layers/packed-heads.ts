/** Queries, keys and values that one matrix gives head by head, as GPT-NeoX and BLOOM have them. */
import { splitHeads, splitLast } from '#engine/onnx/expansions/heads.ts'
import type { ModelWriter } from '../model-writer.ts'
import { linear } from './linear.ts'

/** `x [batch, sequence, width]` as three `[batch, heads, sequence, headWidth]`. */
export function packedHeads(
  model: ModelWriter,
  x: string,
  name: string,
  { width, heads, bias }: { width: number; heads: number; bias: boolean }
): { query: string; key: string; value: string } {
  const packed = linear(model, x, name, { inputs: width, outputs: 3 * width, bias })
  const headWidth = width / heads
  const inHeads = splitHeads(model, packed, heads, 3 * headWidth)
  const [query, key, value] = splitLast(model, inHeads, [headWidth, headWidth, headWidth])
  return { query, key, value }
}
