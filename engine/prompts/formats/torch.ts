/** `.pt`, `.pth`, `.bin`: a bare tensor, or a dictionary of tensors, from torch.save. */
import { endsWith, type PromptFormatEntry } from '../prompt-format.ts'
import { encodeTorchTensor } from '../torch-archive.ts'
import { listTorchParts } from '../torch-parts.ts'

export const torchFormat: PromptFormatEntry = {
  name: 'torch',
  label: 'PyTorch (.pt, .pth, .bin)',
  detect: (path) => endsWith(path, '.pt', '.pth', '.bin'),
  foundInFolders: true,
  list: (path) => listTorchParts(path, 'torch'),
  write: {
    endings: ['.pt', '.pth', '.bin'],
    encode: async ({ vectors }) => {
      const bytes = await encodeTorchTensor(vectors.rows, vectors.columns, vectors.data)
      return { kind: 'files', files: [{ ending: '', bytes }], notes: [] }
    }
  }
}
