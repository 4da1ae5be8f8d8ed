/** thunlp's Prompt-Transferability: an extensionless `task_prompt`, one bare tensor of 100 vectors. */
import { basename } from 'node:path'
import { thunlpFacts } from '../folder-facts.ts'
import type { PromptFormatEntry } from '../prompt-format.ts'
import { listTorchParts } from '../torch-parts.ts'

export const thunlpFormat: PromptFormatEntry = {
  name: 'thunlp',
  label: 'thunlp Prompt-Transferability (task_prompt)',
  detect: (path) => basename(path) === 'task_prompt',
  foundInFolders: true,
  list: (path) => listTorchParts(path, 'thunlp', thunlpFacts(path)),
  write: null
}
