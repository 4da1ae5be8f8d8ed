/** `.pt`, `.pth`, `.bin`: a bare tensor, or a dictionary of tensors, from torch.save. */
import { endsWith, type PromptFormatEntry } from '../prompt-format.ts'
import { nameIn, python } from '../reading-note.ts'
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
    encode: async ({ vectors }, _settings, path) => {
      const bytes = await encodeTorchTensor(vectors.rows, vectors.columns, vectors.data)
      return {
        kind: 'files',
        files: [{ ending: '', bytes }],
        notes: [
          'OpenPrompt puts the vectors of a SoftTemplate before everything, [CLS] included.',
          'Prompt-Transferability (thunlp) reads this very file as FOLDER/task_prompt, with --replacing_prompt FOLDER.'
        ],
        loading: python(
          'import torch',
          `vectors = torch.load(${nameIn(path)}, weights_only=True)`,
          `template.soft_embeds.data = vectors  # an OpenPrompt SoftTemplate with num_tokens=${vectors.rows}`
        )
      }
    }
  }
}
