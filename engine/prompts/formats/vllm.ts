/**
 * vLLM's prompt embeddings: the base64 of a `torch.save`d tensor `[tokens, width]`, alone in a `.txt` file, as the
 * `prompt_embeds` of a completion request in a `.json` file, or as a part of a chat request in a `.chat.json` file.
 */
import { endsWith, type PromptFormatEntry } from '../prompt-format.ts'
import { nameIn, python } from '../reading-note.ts'
import { encodeTorchTensor } from '../torch-archive.ts'

/** The text of a file of this name. A `prompt` beside `prompt_embeds` would be a second prompt, even an empty one. */
function contents(path: string, named: { model?: string }, base64: string): string {
  if (!endsWith(path, '.json')) return base64
  const part = { type: 'prompt_embeds', data: base64 }
  const messages = [{ role: 'user', content: [part, { type: 'text', text: '' }] }]
  const request = endsWith(path, '.chat.json') ? { messages } : { prompt_embeds: base64 }
  return `${JSON.stringify({ ...named, ...request }, null, 2)}\n`
}

const needsSwitch = 'The server needs --enable-prompt-embeds.'
const chatNotes = [needsSwitch, 'Write the text behind the vectors into the part of type text.']
const completionNotes = [
  needsSwitch,
  'A completion takes prompt_embeds as the whole prompt: put the embeddings of BOS and of the text into the tensor too.',
  'They are what model.get_input_embeddings()(ids) gives in transformers 5.4 or later.',
  'A chat takes vectors among text, as a part {"type": "prompt_embeds", "data": the base64} of a message.'
]

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
      const named = model.name === null ? {} : { model: model.name }
      const text = contents(path, named, Buffer.from(tensor).toString('base64'))
      const isChat = endsWith(path, '.chat.json')
      const request = endsWith(path, '.json')
        ? `json.load(open(${nameIn(path)}))`
        : `${JSON.stringify(named)} | {"prompt_embeds": open(${nameIn(path)}).read()}`
      return {
        kind: 'files',
        files: [{ ending: '', bytes: new TextEncoder().encode(text) }],
        notes: isChat ? chatNotes : completionNotes,
        loading: python(
          'import json, requests',
          `request = ${request}`,
          `answer = requests.post("http://localhost:8000/v1/${isChat ? 'chat/completions' : 'completions'}", json=request)`
        )
      }
    }
  }
}
