/**
 * llama.cpp takes embeddings as raw little-endian float32 (`llama_batch.embd`), `n_tokens × n_embd`; the shape
 * is not in the file, so it is written beside it in JSON.
 */
import { float32Bytes } from '../npy-array.ts'
import { writeFacts } from '../own-facts.ts'
import { endsWith, type PromptFormatEntry } from '../prompt-format.ts'
import { nameIn } from '../reading-note.ts'

export const llamaCppFormat: PromptFormatEntry = {
  name: 'llama-cpp',
  label: 'llama.cpp embeddings (raw float32 and a JSON note)',
  detect: (path) => endsWith(path, '.f32'),
  foundInFolders: false,
  list: null,
  write: {
    endings: ['.f32'],
    encode: (prompt, _settings, path) => {
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
        notes: [
          'The vectors stand where their positions are decoded: decode BOS or text first to put them behind it.',
          'For each token i of the batch: pos[i], n_seq_id[i] = 1, seq_id[i][0] = 0, logits[i] = 0. Then llama_decode.'
        ],
        loading: {
          language: 'c',
          lines: [
            `struct llama_batch batch = llama_batch_init(${vectors.rows}, ${vectors.columns}, 1);`,
            `batch.n_tokens = ${vectors.rows};`,
            `fread(batch.embd, sizeof(float), ${vectors.rows * vectors.columns}, fopen(${nameIn(path)}, "rb"));`
          ]
        }
      })
    }
  }
}
