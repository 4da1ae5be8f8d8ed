/**
 * PEFT adapters: a folder with `adapter_config.json` and `adapter_model.safetensors` (or `.bin`) that holds
 * `prompt_embeddings`. PEFT puts the vectors before everything, `[CLS]` included.
 */
import { basename } from 'node:path'
import { AnchorageError } from '#engine/common/contract/errors.ts'
import type { ModelKind } from '#engine/common/contract/models.ts'
import type { peftTaskTypes } from '#engine/common/contract/prompts.ts'
import { listTensors } from '#engine/files/list-tensors.ts'
import type { StoredTensor } from '#engine/files/stored-tensor.ts'
import { encodeSafetensors } from '../encode-safetensors.ts'
import { describeTensor, matrixPart, requirePromptMatrix } from '../matrix-parts.ts'
import { listTaskPrompts } from '../multitask-prompt.ts'
import { type PeftConfig, peftConfigName, readPeftConfig, writePeftConfig } from '../peft-config.ts'
import type { Loading, PromptFormatEntry, PromptPart } from '../prompt-format.ts'
import { nameIn, python } from '../reading-note.ts'

const noConfigWarning = `${peftConfigName} is missing: the model, the kind of adapter and whether an encoder and a decoder share the rows are not known; taken for plain prompt tuning.`

function findTensor(tensors: StoredTensor[], path: string): StoredTensor {
  const embeddings = tensors.find(({ name }) => name === 'prompt_embeddings')
  if (embeddings !== undefined) {
    requirePromptMatrix(embeddings)
    return embeddings
  }
  const found = tensors.slice(0, 4).map((tensor) => `${tensor.name} ${describeTensor(tensor)}`)
  throw new AnchorageError('file-malformed', 'The adapter holds no prompt.', {
    where: path,
    found: found.join(', ') || 'no tensors',
    expected: 'a tensor named prompt_embeddings',
    next: 'Choose an adapter that was trained by prompt tuning.'
  })
}

function requireShape(tensor: StoredTensor, config: PeftConfig): void {
  const [rows, columns] = tensor.shape
  const expectedRows = config.virtualTokens === null ? rows : config.virtualTokens * config.submodules
  const expectedColumns = config.tokenWidth ?? columns
  if (rows === expectedRows && columns === expectedColumns) return
  throw new AnchorageError('mismatch', 'The prompt and its configuration do not fit.', {
    where: tensor.file,
    found: describeTensor(tensor),
    expected: `[${expectedRows}, ${expectedColumns}] by ${peftConfigName}`,
    next: 'The two files come from different adapters: put the right ones together.'
  })
}

/** The whole, or the encoder's and the decoder's half. */
function splitBySubmodule(tensor: StoredTensor, config: PeftConfig, label: string): PromptPart[] {
  const [rows] = tensor.shape
  const shared = {
    format: 'peft',
    facts: { modelName: config.modelName, position: 'before-everything' }
  } as const
  const warnings = config.modelName === null ? ['The configuration does not name the model.'] : []
  if (config.submodules === 1) return [matrixPart(tensor, { ...shared, part: label, warnings })]
  const halves = [
    { part: 'encoder', rows: { from: 0, to: rows / 2 } },
    { part: 'decoder', rows: { from: rows / 2, to: rows } }
  ]
  return halves.map((half) =>
    matrixPart(tensor, {
      ...shared,
      ...half,
      part: label === tensor.name ? half.part : `${label} ${half.part}`,
      warnings
    })
  )
}

async function listAdapter(path: string): Promise<PromptPart[]> {
  const config = await readPeftConfig(path)
  const tensors = await listTensors(path)
  const tensor = findTensor(tensors, path)
  if (config === null) {
    const facts = { position: 'before-everything' } as const
    return [matrixPart(tensor, { format: 'peft', facts, warnings: [noConfigWarning] })]
  }
  requireShape(tensor, config)
  if (config.submodules === 2 && tensor.shape[0] % 2 !== 0) {
    throw new AnchorageError('file-malformed', 'The rows can not be shared by encoder and decoder.', {
      where: path,
      found: `${tensor.shape[0]} rows for num_transformer_submodules 2`,
      expected: 'an even number of rows',
      next: 'Save the adapter again with save_pretrained.'
    })
  }
  if (config.kind !== 'MULTITASK_PROMPT_TUNING') return splitBySubmodule(tensor, config, tensor.name)
  const tasks = listTaskPrompts(tensor, tensors)
  return tasks.flatMap((task, index) => splitBySubmodule(task, config, `task ${index}`))
}

/** The task type by which PEFT puts a prompt before the input of a model; masked models answer under it too. */
const taskTypes = {
  masked: 'FEATURE_EXTRACTION',
  causal: 'CAUSAL_LM',
  'encoder-decoder': 'SEQ_2_SEQ_LM'
} satisfies Record<ModelKind, (typeof peftTaskTypes)[number]>

const autoClasses = {
  masked: 'AutoModelForMaskedLM',
  causal: 'AutoModelForCausalLM',
  'encoder-decoder': 'AutoModelForSeq2SeqLM'
} satisfies Record<ModelKind, string>

function loading(name: string | null, kind: ModelKind, path: string): Loading {
  const from = JSON.stringify(name ?? 'the model')
  return python(
    'import peft, transformers',
    `model = transformers.${autoClasses[kind]}.from_pretrained(${from})`,
    `model = peft.PeftModel.from_pretrained(model, ${nameIn(path)})  # beside this folder`
  )
}

/**
 * What follows the vectors in a template that begins with them, up to its mask, with the space that stands before it: byte-level
 * tokenizers give a word another token without. Null for a template that puts vectors elsewhere, as PEFT can't.
 */
function textBehindVectors(template: string): string | null {
  const last = [...template.matchAll(/\[V\d+\]/g)].at(-1)
  if (last === undefined) return null
  const before = template.slice(0, last.index).replaceAll(/\[V\d+\]/g, '')
  const behind = template.slice(last.index + last[0].length)
  return before.trim() === '' ? behind.slice(0, behind.search(/\[(?:MASK|Y)\]/)).trimEnd() : null
}

/** What has to be known of where PEFT puts a prompt of this template. */
function placeNote(template: string | null): string {
  const place = 'PEFT puts the vectors before everything, the first special token ([CLS], BOS) included'
  if (template === null) return `${place}.`
  const text = textBehindVectors(template)
  return text === null
    ? `${place}: not where this template has them, so answers are others than in Anchorage.`
    : `${place}. Behind them this template has the text ${JSON.stringify(text)}: a space at its start counts.`
}

export const peftFormat: PromptFormatEntry = {
  name: 'peft',
  label: 'PEFT adapter (folder)',
  detect: (path) => /^adapter_model\.(safetensors|bin)$/.test(basename(path)),
  foundInFolders: true,
  list: listAdapter,
  write: {
    endings: [],
    encode: (prompt, { peftTaskType, model: known }, path) => {
      const taskType = peftTaskType ?? (known?.kind === undefined ? null : taskTypes[known.kind])
      const config = new TextEncoder().encode(writePeftConfig(prompt, taskType))
      const model = encodeSafetensors('prompt_embeddings', prompt.vectors, { format: 'pt' })
      const notes = [placeNote(prompt.template)]
      if (taskType === null) {
        notes.push(
          `task_type is not set: PEFT puts the prompt before the input only for a task type (CAUSAL_LM, SEQ_CLS, …); set it in ${peftConfigName}.`
        )
      }
      if (prompt.model.name === null) {
        notes.push(`The model has no name: set base_model_name_or_path in ${peftConfigName}.`)
      }
      return Promise.resolve({
        kind: 'folder',
        files: [
          { name: peftConfigName, bytes: config },
          { name: 'adapter_model.safetensors', bytes: model }
        ],
        notes,
        loading: loading(prompt.model.name, known?.kind ?? 'causal', path)
      })
    }
  }
}
