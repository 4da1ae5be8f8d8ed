/**
 * vLLM's prompt embeddings: the base64 of a `torch.save`d tensor `[tokens, width]`, alone in a `.txt` file, as the
 * `prompt_embeds` of a completion request in a `.json` file, or as a part of a chat request in a `.chat.json` file.
 */

import { endsWith, type PromptFormatEntry } from '../prompt-format.ts'
import { nameIn, python } from '../reading-note.ts'
import { encodeTorchTensor } from '../torch-archive.ts'

/** What a file of this name holds. A `prompt` beside `prompt_embeds` would be a second prompt, even an empty one. */
function contents(path: string, model: string, base64: string): unknown {
  if (!endsWith(path, '.chat.json')) return { model, prompt_embeds: base64 }
  const part = { type: 'prompt_embeds', data: base64 }
  return { model, messages: [{ role: 'user', content: [part, { type: 'text', text: '' }] }] }
}

const wholePrompt = [
  'A completion takes prompt_embeds as the whole prompt: put the embeddings of BOS and of the text into the tensor too.',
  'They are what model.get_input_embeddings()(ids) gives in transformers 5.4 or later.'
]
const chatPart =
  'A chat takes vectors among text, as a part {"type": "prompt_embeds", "data": the base64} of a message.'

export const vllmFormat: PromptFormatEntry = {
  name: 'vllm',
  label: 'vLLM prompt embeddings (.txt, .json, .chat.json)',
  detect: () => false,
  foundInFolders: false,
  list: null,
  write: {
    endings: ['.txt', '.json'],
    encode: async ({ vectors, model }, _settings, path) => {
      const tensor = await encodeTorchTensor(vectors.rows, vectors.columns, vectors.data)
      const base64 = Buffer.from(tensor).toString('base64')
      const isRequest = endsWith(path, '.json')
      const isChat = endsWith(path, '.chat.json')
      const text = isRequest
        ? `${JSON.stringify(contents(path, model.name ?? '', base64), null, 2)}\n`
        : base64
      const fields = `"model": ${JSON.stringify(model.name ?? '')}, "prompt_embeds": open(${nameIn(path)}).read()`
      const request = isRequest ? `json.load(open(${nameIn(path)}))` : `{${fields}}`
      const method = isChat ? 'chat/completions' : 'completions'
      return {
        kind: 'files',
        files: [{ ending: '', bytes: new TextEncoder().encode(text) }],
        notes: [
          'The server needs --enable-prompt-embeds.',
          ...(isChat
            ? ['Write the text behind the vectors into the part of type text.']
            : [...wholePrompt, chatPart])
        ],
        loading: python(
          'import json, requests',
          `request = ${request}`,
          `answer = requests.post("http://localhost:8000/v1/${method}", json=request).json()`
        )
      }
    }
  }
}
