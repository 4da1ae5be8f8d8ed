/** The format table: every prompt format, in the order in which a file is asked whether it is one of them. */
import type { PromptFormat } from '#engine/common/contract/prompts.ts'
import { csvFormat } from './formats/csv.ts'
import { jsonFormat } from './formats/json.ts'
import { llamaCppFormat } from './formats/llama-cpp.ts'
import { npyFormat } from './formats/npy.ts'
import { npzFormat } from './formats/npz.ts'
import { openPromptFormat } from './formats/openprompt.ts'
import { optiPromptFormat } from './formats/optiprompt.ts'
import { peftFormat } from './formats/peft.ts'
import { safetensorsFormat } from './formats/safetensors.ts'
import { thunlpFormat } from './formats/thunlp.ts'
import { torchFormat } from './formats/torch.ts'
import { vllmFormat } from './formats/vllm.ts'
import type { PromptFormatEntry } from './prompt-format.ts'

/** Formats known by a whole name stand before those known by an ending. */
export const formatTable = {
  peft: peftFormat,
  thunlp: thunlpFormat,
  optiprompt: optiPromptFormat,
  openprompt: openPromptFormat,
  torch: torchFormat,
  npy: npyFormat,
  npz: npzFormat,
  safetensors: safetensorsFormat,
  json: jsonFormat,
  csv: csvFormat,
  vllm: vllmFormat,
  'llama-cpp': llamaCppFormat
} satisfies Record<PromptFormat, PromptFormatEntry>

/** The format that a file of this name is of, or undefined. */
export function detectFormat(path: string): PromptFormatEntry | undefined {
  return Object.values<PromptFormatEntry>(formatTable).find((format) => format.detect(path))
}
