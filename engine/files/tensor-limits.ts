/** How many tensors a file may hold, and how long their names may be: more than any model has, little enough to list. */
import { AnchorageError } from '#engine/common/contract/errors.ts'

/** The largest mixtures of experts have some 90,000 tensors, over many files. */
const mostTensors = 100_000
/** Names of parameters are below 200 characters. */
const longestName = 2_000

/** @throws `unsupported` for more tensors than are listed */
export function requireTensorCount(count: number, path: string): void {
  if (count <= mostTensors) return
  throw new AnchorageError('unsupported', 'The file holds too many tensors.', {
    where: path,
    found: count.toLocaleString('en'),
    expected: `at most ${mostTensors.toLocaleString('en')}`,
    next: 'Check that this is the file that was meant; split it if it is.'
  })
}

/** @throws `unsupported` for a name that is longer than any parameter's */
export function requireTensorName(name: string, path: string): void {
  if (name.length <= longestName) return
  throw new AnchorageError('unsupported', 'The name of a tensor is too long.', {
    where: `${path}, tensor ${name.slice(0, 60)}…`,
    found: `${name.length.toLocaleString('en')} characters`,
    expected: `at most ${longestName.toLocaleString('en')}`,
    next: 'Check that this is the file that was meant.'
  })
}
