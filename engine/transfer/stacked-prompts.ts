/** Several prompts of one model as one matrix, so that each pass over tables and factors serves all of them. */
import { AnchorageError } from '#engine/common/contract/errors.ts'
import type { Matrix } from '#engine/common/contract/matrix.ts'
import type { Dense } from '#engine/linear-algebra/dense.ts'

/**
 * The rows of all prompts in order, `[Σm, d]`.
 * @throws AnchorageError `mismatch` for prompts of different widths
 */
export function stackPrompts(prompts: readonly Matrix[]): Matrix {
  const { columns } = prompts[0]
  const other = prompts.find((prompt) => prompt.columns !== columns)
  if (other !== undefined)
    throw new AnchorageError('mismatch', 'The prompts of one source differ in width.', {
      found: `${columns} and ${other.columns}`,
      expected: 'prompts of one model'
    })
  const rows = prompts.reduce((sum, prompt) => sum + prompt.rows, 0)
  const data = new Float32Array(rows * columns)
  let at = 0
  for (const prompt of prompts) {
    data.set(prompt.data, at)
    at += prompt.data.length
  }
  return { rows, columns, data }
}

/** Consecutive rows of `stacked [Σm, e]`, so many for each prompt: views, not copies. */
export function splitPrompts({ columns, data }: Dense, lengths: readonly number[]): Dense[] {
  let start = 0
  return lengths.map((rows) => {
    const part = { rows, columns, data: data.subarray(start * columns, (start + rows) * columns) }
    start += rows
    return part
  })
}
