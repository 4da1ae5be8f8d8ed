/** Several prompts of one model as one matrix, so that each pass over tables and factors serves all of them. */
import { AnchorageError } from '#engine/common/contract/errors.ts'
import type { Matrix } from '#engine/common/contract/matrix.ts'
import { differentLengths } from '#engine/common/contract/transfer.ts'
import type { Dense } from '#engine/linear-algebra/dense.ts'

/**
 * The number of vectors of each prompt, the same in every source.
 * @throws AnchorageError `mismatch` where the sources have not as many prompts, or not as many vectors in each
 */
export function promptLengths(sources: readonly { name: string; prompts: readonly Matrix[] }[]): number[] {
  const lengths = sources.map(({ prompts }) => prompts.map(({ rows }) => rows))
  const [first = []] = lengths
  for (const [j, own] of lengths.entries()) {
    const [{ name }, other] = [sources[0], sources[j]]
    if (own.length !== first.length)
      throw new AnchorageError('mismatch', 'The sources differ in the number of their prompts.', {
        where: 'sources',
        found: `${name}: ${first.length}; ${other.name}: ${own.length}`,
        expected: 'one prompt of every source for each prompt of the target',
        next: 'Give the prompts of the same tasks, in one order, from every source.'
      })
    if (own.length === 0 || own.some((rows, p) => rows === 0 || rows !== first[p]))
      throw differentLengths('sources', [
        { name, lengths: first },
        { name: other.name, lengths: own }
      ])
  }
  return first
}

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
