/** A table that is stored as `[e, rows]`: a model that ties it to its head may keep the head's form alone. */
import type { StoredTensor } from '#engine/files/stored-tensor.ts'

/** The table `[rows, e]` of a tensor `[e, rows]`. */
export function transposedTable(stored: StoredTensor): StoredTensor {
  const { name, dtype, file, shape } = stored
  const [width, rows] = shape
  return {
    name,
    dtype,
    file,
    shape: [rows, width],
    read: async (signal, onValues) => {
      const columns = await stored.read(signal)
      const values = new Float32Array(columns.length)
      for (let row = 0; row < rows; row++) {
        for (let i = 0; i < width; i++) values[row * width + i] = columns[i * rows + row]
      }
      await onValues?.(values, values.length)
      return values
    }
  }
}
