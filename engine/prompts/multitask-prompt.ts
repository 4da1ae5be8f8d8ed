/**
 * PEFT's multitask prompt tuning: one shared matrix `P [T, e]`, and for each task a matrix of low rank by which
 * it is multiplied element by element, `P ⊙ (cols[t] @ rows[t])` with `cols [tasks, T, r]`, `rows [tasks, r, e]`.
 */
import { AnchorageError } from '#engine/common/contract/errors.ts'
import type { StoredTensor } from '#engine/files/stored-tensor.ts'
import { describeTensor } from './matrix-parts.ts'

/** Each is listed as a prompt of its own. */
const mostTasks = 10_000

/** `P ⊙ (cols @ rows)` for one task, `[T, e]`, summed in float64. */
function taskPrompt(
  shared: Float32Array,
  cols: Float32Array,
  rows: Float32Array,
  shape: { length: number; rank: number; width: number }
): Float32Array {
  const { length, rank, width } = shape
  const values = new Float32Array(length * width)
  for (let i = 0; i < length; i++) {
    for (let j = 0; j < width; j++) {
      let factor = 0
      for (let k = 0; k < rank; k++) factor += cols[i * rank + k] * rows[k * width + j]
      values[i * width + j] = shared[i * width + j] * factor
    }
  }
  return values
}

function requireFactor(tensors: readonly StoredTensor[], name: string, file: string): StoredTensor {
  const tensor = tensors.find((candidate) => candidate.name === name)
  if (tensor !== undefined && tensor.shape.length === 3) return tensor
  throw new AnchorageError('file-malformed', 'A factor of the multitask prompt is missing.', {
    where: `${file}, ${name}`,
    found: tensor === undefined ? 'no such tensor' : describeTensor(tensor),
    expected: 'a tensor of three dimensions beside prompt_embeddings',
    next: 'Save the adapter again with save_pretrained.'
  })
}

/** One matrix per task, computed when it is read. `shared` is `prompt_embeddings`, `tensors` all of its file. */
export function listTaskPrompts(shared: StoredTensor, tensors: readonly StoredTensor[]): StoredTensor[] {
  const cols = requireFactor(tensors, 'prefix_task_cols', shared.file)
  const rows = requireFactor(tensors, 'prefix_task_rows', shared.file)
  const [length, width] = shared.shape
  const [tasks, , rank] = cols.shape
  const expected = `[${tasks}, ${length}, ${rank}] and [${tasks}, ${rank}, ${width}]`
  if (`[${cols.shape.join(', ')}] and [${rows.shape.join(', ')}]` !== expected) {
    throw new AnchorageError('mismatch', 'The factors of the multitask prompt do not fit.', {
      where: shared.file,
      found: `${describeTensor(cols)} and ${describeTensor(rows)}`,
      expected: `${expected} for prompt_embeddings [${length}, ${width}]`,
      next: 'Save the adapter again with save_pretrained.'
    })
  }
  if (rank < 1 || tasks < 1 || tasks > mostTasks) {
    throw new AnchorageError('file-malformed', 'The factors of the multitask prompt are no factors.', {
      where: shared.file,
      found: `${tasks.toLocaleString('en')} tasks of rank ${rank}`,
      expected: `1 to ${mostTasks.toLocaleString('en')} tasks of a rank from 1 on`,
      next: 'Save the adapter again with save_pretrained.'
    })
  }
  const part = (values: Float32Array, task: number): Float32Array => {
    const size = values.length / tasks
    return values.subarray(task * size, (task + 1) * size)
  }
  return Array.from({ length: tasks }, (_, task) => ({
    ...shared,
    read: async (signal) => {
      const values = await shared.read(signal)
      const [factor, weights] = [part(await cols.read(signal), task), part(await rows.read(signal), task)]
      return taskPrompt(values, factor, weights, { length, rank, width })
    }
  }))
}
