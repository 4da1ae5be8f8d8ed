/** The tokenizers of model folders as the whole of transformers.js opens them, which the engine takes a part of. */
import { readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { AutoTokenizer, env } from '@huggingface/transformers'
import { openTokenizer } from '#engine/models/tokenizer.ts'

env.allowRemoteModels = false
env.useFSCache = false

const texts = [
  'the river is wide',
  ' word',
  '.',
  'Hello, World!  Two  spaces',
  'naïve 日本語 🙂\n\ttabs',
  "it's 12,345.67 <mask> [MASK] </s>",
  'THÉ Ærø',
  '',
  'x'.repeat(150)
]

/** The folders below `folder` that hold a `tokenizer.json`. */
export function tokenizerFolders(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => /(^|[\\/])tokenizer[.]json$/.test(path))
    .map((path) => dirname(join(folder, path)))
}

/** What a folder's tokenizer makes of each text, by the engine or by transformers.js: ids without and with special tokens, text. */
type Cut = { readonly ids: number[]; readonly withSpecials: number[]; readonly decoded: string }

/** What the engine makes of the texts, then what transformers.js does. */
export async function cutByBoth(folder: string): Promise<[Cut[], Cut[]]> {
  const engine = await openTokenizer(folder)
  const library = await AutoTokenizer.from_pretrained(folder, { local_files_only: true })
  const ofEngine = texts.map((text) => {
    const withSpecials = engine.encodeWithSpecials(text)
    return { ids: engine.encode(text), withSpecials, decoded: engine.decode(withSpecials) }
  })
  const ofLibrary = texts.map((text) => {
    const withSpecials = library.encode(text)
    const decoded =
      withSpecials.length === 0 ? '' : library.decode(withSpecials, { clean_up_tokenization_spaces: false })
    return { ids: library.encode(text, { add_special_tokens: false }), withSpecials, decoded }
  })
  return [ofEngine, ofLibrary]
}
