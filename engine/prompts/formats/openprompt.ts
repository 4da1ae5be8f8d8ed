/** OpenPrompt's checkpoints: a state dictionary with the template's soft tokens. */
import { endsWith, type PromptFormatEntry } from '../prompt-format.ts'
import { listTorchParts } from '../torch-parts.ts'

export const openPromptFormat: PromptFormatEntry = {
  name: 'openprompt',
  label: 'OpenPrompt checkpoint (.ckpt)',
  detect: (path) => endsWith(path, '.ckpt'),
  foundInFolders: true,
  list: (path) => listTorchParts(path, 'torch'),
  write: null
}
