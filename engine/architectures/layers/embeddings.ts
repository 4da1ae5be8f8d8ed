/** Tables that rows are looked up in. */
import { sizeOf } from '#engine/onnx/gradients/emit-sizes.ts'
import { asFloat32, type ModelWriter } from '../model-writer.ts'

/** Rows `[.., width]` of a table at whole numbers; half precision is cast after the lookup, row by row. */
export function embedding(
  model: ModelWriter,
  ids: string,
  name: string,
  { rows, width }: { rows: number; width: number }
): string {
  return asFloat32(model, model.node('Gather', [model.table(name, rows, width), ids]))
}

/**
 * Rows `first`, `first + 1`, … of a table, one for each position of a sequence: `[sequence, width]`, or `[batch, sequence,
 * width]` where rows may hold several. A sequence
 * stands at the beginning of its row, so positions need no look at the attention mask: those of padding are read
 * by nobody.
 */
export function positionEmbedding(
  model: ModelWriter,
  ids: string,
  name: string,
  { rows, width, first = 0 }: { rows: number; width: number; first?: number }
): string {
  if (model.packed !== undefined) {
    const { positions } = model.packed
    const at = first === 0 ? positions : model.node('Add', [positions, model.integer(first)])
    return embedding(model, at, name, { rows, width })
  }
  const end = model.node('Add', [sizeOf(model, ids, 1), model.integer(first)])
  const bounds = [model.integers([first]), model.node('Unsqueeze', [end, model.integers([0])])]
  const table = model.table(name, rows, width)
  return asFloat32(model, model.node('Slice', [table, ...bounds, model.integers([0])]))
}
