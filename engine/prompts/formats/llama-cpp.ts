/**
 * llama.cpp takes embeddings as raw little-endian float32 (`llama_batch.embd`), `n_tokens × n_embd`; the shape
 * is not in the file, so a note in JSON is written beside it.
 */
import { float32Bytes } from '../npy-array.ts'
import { writeFacts } from '../own-facts.ts'
import { endsWith, type PromptFormatEntry } from '../prompt-format.ts'

export const llamaCppFormat: PromptFormatEntry = {
  name: 'llama-cpp',
  label: 'llama.cpp embeddings (raw float32 and a JSON note)',
  detect: (path) => endsWith(path, '.f32'),
  foundInFolders: false,
  list: null,
  write: {
    endings: ['.f32'],
    encode: (prompt) => {
      const { vectors } = prompt
      const note = {
        n_tokens: vectors.rows,
        n_embd: vectors.columns,
        dtype: 'float32',
        byte_order: 'little',
        ...writeFacts(prompt)
      }
      return Promise.resolve({
        kind: 'files',
        files: [
          { ending: '', bytes: float32Bytes(vectors.data) },
          { ending: '.json', bytes: new TextEncoder().encode(`${JSON.stringify(note, null, 2)}\n`) }
        ],
        notes: ['Set llama_batch.embd to these values, with n_tokens from the note beside the file.']
      })
    }
  }
}
