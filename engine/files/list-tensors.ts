/** The tensors of a file in any of the formats that hold several: told by content, never by name. */
import { AnchorageError } from '#engine/common/contract/errors.ts'
import { readGgufHeader } from './gguf/header.ts'
import { ggufTensor } from './gguf/tensors.ts'
import { firstBytes } from './read-range.ts'
import { listSafetensors } from './safetensors.ts'
import type { StoredTensor } from './stored-tensor.ts'
import { listTorch } from './torch.ts'

/**
 * Describes every tensor of a safetensors, torch or GGUF file; values are read later, one by one.
 * @throws `file-malformed`, `file-unsafe` (see the formats)
 */
export async function listTensors(path: string): Promise<StoredTensor[]> {
  const start = await firstBytes(path)
  // Eight bytes of header length come before the JSON text.
  const isBeforeJson = /^\s*\{/.test(start.slice(8))
  // A length may begin with the bytes of a pickle; its upper half is 0 in every real file.
  if (isBeforeJson && start.slice(4, 8) === '\0\0\0\0') return await listSafetensors(path)
  const isPickle = start.charCodeAt(0) === 0x80 && start.charCodeAt(1) <= 5
  if (start.startsWith('PK\x03\x04') || isPickle) return await listTorch(path)
  if (isBeforeJson) return await listSafetensors(path)
  if (start.startsWith('GGUF')) {
    return (await readGgufHeader(path)).tensors.map((tensor) => ggufTensor(tensor, path))
  }
  throw unknownFormat(path, start)
}

function unknownFormat(path: string, start: string): AnchorageError {
  if (start.startsWith('version https://git-lfs')) {
    return new AnchorageError(
      'file-malformed',
      'The file is a placeholder of Git LFS, not the file itself.',
      {
        where: path,
        found: 'a Git LFS pointer',
        expected: 'the values',
        next: 'Run `git lfs pull` in the folder, or download the file.'
      }
    )
  }
  return new AnchorageError('file-malformed', 'The file holds no tensors in a known format.', {
    where: path,
    found: `a file that begins with ${JSON.stringify(start.slice(0, 12))}`,
    expected: 'safetensors, a file of torch.save, or GGUF',
    next: 'Check that this is the file that was meant, and that it was copied whole.'
  })
}
