/**
 * vLLM's prompt embeddings: the base64 of a `torch.save`d tensor `[tokens, width]`, alone in a `.txt` file, or as
 * the `prompt_embeds` of a completion request in a `.json` file.
 */

import { endsWith, type PromptFormatEntry } from '../prompt-format.ts'
import { encodeTorchTensor } from '../torch-archive.ts'

export const vllmFormat: PromptFormatEntry = {
  name: 'vllm',
  label: 'vLLM prompt embeddings (.txt, .json)',
  detect: () => false,
  foundInFolders: false,
  list: null,
  write: {
    endings: ['.txt', '.json'],
    encode: async ({ vectors, model }, _settings, path) => {
      const tensor = await encodeTorchTensor(vectors.rows, vectors.columns, vectors.data)
      const base64 = Buffer.from(tensor).toString('base64')
      const request = { model: model.name ?? '', prompt: '', prompt_embeds: base64 }
      const text = endsWith(path, '.json') ? `${JSON.stringify(request, null, 2)}\n` : base64
      return {
        kind: 'files',
        files: [{ ending: '', bytes: new TextEncoder().encode(text) }],
        notes: [
          'The server needs --enable-prompt-embeds.',
          'vLLM takes prompt_embeds as the whole prompt: put the embeddings of the text behind these vectors in one tensor.'
        ]
      }
    }
  }
}
