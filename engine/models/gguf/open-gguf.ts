/** A GGUF file as a model: settings, tensors and tokenizer, as a folder of Hugging Face would hold them. */
import { createHash } from 'node:crypto'
import { basename } from 'node:path'
import { readGgufHeader } from '#engine/files/gguf/header.ts'
import { ggufTensor } from '#engine/files/gguf/tensors.ts'
import { readBytes, withFile } from '#engine/files/read-range.ts'
import { parsingSeconds, withinSeconds } from '#engine/files/time-limit.ts'
import type { WeightsListing } from '../choose-table.ts'
import { type ModelConfig, modelConfig } from '../model-config.ts'
import type { TokenizerFiles } from '../tokenizer-files.ts'
import { architectureOf, configOf, settingsOf } from './gguf-settings.ts'
import { ggufTokenizer } from './gguf-tokenizer.ts'
import { checkpointTensors } from './gguf-weights.ts'

export type GgufModel = {
  readonly config: ModelConfig
  readonly weights: WeightsListing
  readonly tokenizer: () => TokenizerFiles
  /** SHA-256 of the header, which holds the tokenizer. */
  readonly headerFingerprint: string
}

/** Opens a file. @throws as `readGgufHeader`, and `file-malformed` for settings that are not those of a model */
export async function openGguf(path: string): Promise<GgufModel> {
  const header = await readGgufHeader(path)
  const settings = settingsOf(header)
  const architecture = architectureOf({ settings, path })
  const stored = header.tensors.map((tensor) => ggufTensor(tensor, path))
  const factors = stored.find(({ name }) => name === 'rope_freqs.weight')
  const table = stored.find(({ name }) => name === 'token_embd.weight')
  const content = configOf({
    path,
    settings,
    names: new Set(stored.map(({ name }) => name)),
    vocabularySize: table?.shape[0] ?? settings.texts('tokenizer.ggml.tokens')?.length ?? 0,
    rotaryFactors: factors === undefined ? undefined : [...(await factors.read())]
  })
  const queries = settings.number(`${architecture}.attention.head_count`) ?? 1
  const keys = settings.number(`${architecture}.attention.head_count_kv`) ?? queries
  const file = basename(path)
  return {
    config: modelConfig(path, content),
    weights: {
      file,
      tensors: checkpointTensors(stored, architecture, { queries, keys }),
      traced: null,
      notes: []
    },
    tokenizer: () => withinSeconds(parsingSeconds, path, () => ggufTokenizer(settings, path, file)),
    headerFingerprint: await withFile(path, async (opened) =>
      createHash('sha256')
        .update(await readBytes(opened, 0, header.size, path))
        .digest('hex')
    )
  }
}
