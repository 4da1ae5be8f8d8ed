/** ONNX's own attention, operator sets 23 and 24. */
import { dataTypes } from '../build-messages.ts'
import { readFloat, readInteger } from '../read-messages.ts'
import { afterPast, attend, causalMask, lengthMask, lowestScore } from './attention-core.ts'
import { type Expansion, notExpandable } from './expansion.ts'
import { joinHeads, splitHeads } from './heads.ts'

/**
 * `Attention`, for masks as long as the keys. A row that sees no key gets the mean of the values, as in PyTorch's
 * eager attention; the standard says 0 (nothing reads such rows: they are padding).
 */
export const standardAttention: Expansion = (emit, { node, required, optional }) => {
  const isSplit = emit.shape(required(0)).length === 4
  const inHeads = (index: number, setting: string): string =>
    isSplit ? required(index) : splitHeads(emit, required(index), readInteger(node, setting, 0))
  const query = inHeads(0, 'q_num_heads')
  const [pastKey, pastValue] = [optional(4), optional(5)]
  const newKey = inHeads(1, 'kv_num_heads')
  const key = afterPast(emit, pastKey, newKey)
  const value = afterPast(emit, pastValue, inHeads(2, 'kv_num_heads'))
  const [queryHeads, keyHeads] = [emit.shape(query)[1], emit.shape(newKey)[1]]
  const isGrouped = queryHeads !== keyHeads
  if (isGrouped && (typeof queryHeads !== 'number' || typeof keyHeads !== 'number'))
    throw notExpandable(node, 'has heads whose numbers the file does not state')
  const [mask, lengths] = [optional(3), optional(6)]
  const isCausal = readInteger(node, 'is_causal', 0) !== 0
  if (isCausal && lengths !== undefined) throw notExpandable(node, 'is causal in a cache of its own')
  const isTruth = mask !== undefined && emit.facts(mask).elementType === dataTypes.bool
  const attended = attend(emit, {
    query,
    key,
    value,
    groupSize: isGrouped ? Number(queryHeads) / Number(keyHeads) : 1,
    scale: readFloat(node, 'scale', 0),
    softcap: readFloat(node, 'softcap', 0),
    biases: [isTruth ? undefined : mask],
    visible: [
      isTruth ? mask : undefined,
      isCausal ? causalMask(emit, { query, key, past: pastKey }) : undefined,
      lengths && lengthMask(emit, lengths, key)
    ],
    filter: lowestScore
  })
  return [isSplit ? attended : joinHeads(emit, attended), key, value]
}
