/**
 * The files of a model folder that hold its weights, in the order in which they are preferred, and the
 * tensors in them. All stay inside the folder.
 */
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { AnchorageError } from '#engine/common/contract/errors.ts'
import { containedPath } from '#engine/files/contained-path.ts'
import { listTensors } from '#engine/files/list-tensors.ts'
import type { StoredTensor } from '#engine/files/stored-tensor.ts'
import { readJsonFile } from '#engine/files/text-file.ts'
import type { WeightsListing } from './choose-table.ts'
import { listOnnxFiles } from './onnx-files.ts'
import { listOnnxWeights } from './onnx-table.ts'

/** Exact formats first: what they hold is the model as it was trained. */
const exactFiles = [
  'model.safetensors',
  'model.safetensors.index.json',
  'pytorch_model.bin',
  'pytorch_model.bin.index.json'
]

/**
 * The tensors of a model's weights.
 * @param named a weights file of the folder that a person named instead of the preferred one
 * @throws `file-not-found` without weights, `unsupported` for GGUF and tables in 4 bits alone
 */
export async function listWeights(folder: string, named?: string): Promise<WeightsListing> {
  if (named !== undefined) return await listFile(folder, named)
  const { graphs, parts } = await listOnnxFiles(folder)
  const present: string[] = []
  for (const file of exactFiles) {
    if ((await containedPath(folder, file)) !== undefined) present.push(file)
  }
  const [first, ...others] = [...present, ...graphs, ...parts.map(({ file }) => file)]
  if (first === undefined) throw await explainMissing(folder)
  const listing = await listFile(folder, first)
  const notes =
    others.length === 0 ? [] : [`Other weights in the folder were not used: ${others.join(', ')}.`]
  return { ...listing, notes: [...listing.notes, ...notes] }
}

async function listFile(folder: string, file: string): Promise<WeightsListing> {
  const path = await containedPath(folder, file)
  if (path === undefined) {
    throw new AnchorageError('file-not-found', 'The weights file that was named is not there.', {
      where: join(folder, file),
      next: 'Name a file of the model folder, or none to have one chosen.'
    })
  }
  if (file.endsWith('.index.json')) return await listShards(folder, file, path)
  if (file.endsWith('.onnx')) return await listOnnxWeights(path, file)
  return { file, tensors: await listTensors(path), traced: null, notes: [] }
}

const indexSchema = z.object({ weight_map: z.record(z.string(), z.string()) })

/** The tensors of all shards that are there: a folder with the shard of the table alone will do. */
async function listShards(folder: string, file: string, path: string): Promise<WeightsListing> {
  const index = indexSchema.safeParse(await readJsonFile(path))
  if (!index.success) {
    throw new AnchorageError('file-malformed', 'The index of the shards is not what it should be.', {
      where: path,
      found: z.prettifyError(index.error),
      expected: 'an object `weight_map` from tensor names to file names',
      next: 'Fetch the index again.'
    })
  }
  const tensors: StoredTensor[] = []
  const missing: string[] = []
  for (const shard of new Set(Object.values(index.data.weight_map))) {
    const shardPath = await containedPath(folder, shard)
    if (shardPath === undefined) missing.push(shard)
    else for (const tensor of await listTensors(shardPath)) tensors.push(tensor)
  }
  const notes = missing.length === 0 ? [] : [`Shards that are missing: ${missing.join(', ')}.`]
  return { file, tensors, traced: null, notes }
}

async function explainMissing(folder: string): Promise<AnchorageError> {
  const names = await readdir(folder)
  const quantised = names.find((name) => name.toLowerCase().endsWith('.gguf'))
  if (quantised !== undefined) {
    return new AnchorageError('unsupported', 'The model is there as GGUF alone, which is not read.', {
      where: join(folder, quantised),
      found: 'a GGUF file, whose tables are mostly quantised and whose vocabularies are rewritten',
      expected: [...exactFiles, 'onnx/model.onnx'].join(', '),
      next: 'Fetch the model in its original form, which GGUF files are made from.'
    })
  }
  return new AnchorageError('file-not-found', 'The folder holds no weights.', {
    where: folder,
    found: names.slice(0, 8).join(', ') || 'an empty folder',
    expected: [...exactFiles, 'onnx/model.onnx'].join(', '),
    next: 'Fetch the weights into the folder, or name the file that holds them.'
  })
}
