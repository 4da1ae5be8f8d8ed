/** Files of torch.save, old and new: which of the two layouts a file has is told by its first bytes. */
import { firstBytes } from './read-range.ts'
import type { StoredTensor } from './stored-tensor.ts'
import { listTorchLegacy } from './torch-legacy.ts'
import { listTorchZip } from './torch-zip.ts'

/**
 * The tensors of a torch file: a bare one is named `tensor`, those in dictionaries by their keys.
 * @throws `file-malformed`, and `file-unsafe` for a file that asks to run anything.
 */
export async function listTorch(path: string): Promise<StoredTensor[]> {
  return (await firstBytes(path)).startsWith('PK') ? await listTorchZip(path) : await listTorchLegacy(path)
}
