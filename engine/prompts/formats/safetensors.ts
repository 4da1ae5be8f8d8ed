/** `.safetensors`: any matrix in it; our own files hold `vectors` and what is known of the prompt as metadata. */
import { listSafetensors, readSafetensorsMetadata } from '#engine/files/safetensors.ts'
import { encodeSafetensors } from '../encode-safetensors.ts'
import { matrixPart, promptMatrices } from '../matrix-parts.ts'
import { readFacts, writeFacts } from '../own-facts.ts'
import { endsWith, type PromptFormatEntry } from '../prompt-format.ts'
import { nameIn, python } from '../reading-note.ts'

export const safetensorsFormat: PromptFormatEntry = {
  name: 'safetensors',
  label: 'safetensors',
  detect: (path) => endsWith(path, '.safetensors'),
  foundInFolders: true,
  list: async (path) => {
    const facts = readFacts(await readSafetensorsMetadata(path))
    const tensors = promptMatrices(await listSafetensors(path), path)
    return tensors.map((tensor) => matrixPart(tensor, { format: 'safetensors', facts }))
  },
  write: {
    endings: ['.safetensors'],
    encode: (prompt, _settings, path) => {
      const bytes = encodeSafetensors('vectors', prompt.vectors, writeFacts(prompt))
      const loading = python(
        'from safetensors.torch import load_file',
        `vectors = load_file(${nameIn(path)})["vectors"]`
      )
      return Promise.resolve({ kind: 'files', files: [{ ending: '', bytes }], notes: [], loading })
    }
  }
}
