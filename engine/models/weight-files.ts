/**
 * The files of a model folder that hold its weights, in the order in which they are preferred, and the
 * tensors in them. All stay inside the folder.
 */
import { readdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { z } from 'zod'
import { describeIssues } from '#engine/common/contract/describe-issues.ts'
import { AnchorageError } from '#engine/common/contract/errors.ts'
import { containedPath } from '#engine/common/files/contained-path.ts'
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

/** Names of weights that are not told by the list of preferred ones; the parts of sharded weights are none. */
const weightNames = /\.onnx$|^(pytorch_)?model.*\.(safetensors|bin)(\.index\.json)?$/
const shardName = /-\d+-of-\d+\./

/** The files of a folder by whose names weights are known, the preferred first, relative to it. */
async function listKnownFiles(folder: string): Promise<string[]> {
  const present: string[] = []
  for (const file of exactFiles) {
    if ((await containedPath(folder, file)) !== undefined) present.push(file)
  }
  const { graphs, parts } = await listOnnxFiles(folder)
  return [...present, ...graphs, ...parts.map(({ file }) => file)]
}

/** Every file of a folder that looks like a model's weights, the preferred first, relative to it. */
async function listWeightFiles(folder: string): Promise<string[]> {
  const known = await listKnownFiles(folder)
  const others: string[] = []
  for (const part of ['', 'onnx/']) {
    const names = await readdir(join(folder, part)).catch((): string[] => [])
    others.push(...names.sort().map((name) => `${part}${name}`))
  }
  const isOther = (file: string) => weightNames.test(basename(file)) && !shardName.test(file)
  return [...known, ...others.filter((file) => isOther(file) && !known.includes(file))]
}

/** Whether a folder holds weights in any other format than GGUF. */
export async function hasWeightFiles(folder: string): Promise<boolean> {
  return (await listWeightFiles(folder)).length > 0
}

/**
 * The tensors of a model's weights.
 * @param named a weights file of the folder that a person named instead of the preferred one
 * @throws `file-not-found` without weights, `needs-choice` where several files have names that say nothing, `unsupported`
 * for tables in 4 bits alone
 */
export async function listWeights(folder: string, named?: string): Promise<WeightsListing> {
  if (named !== undefined) return await listFile(folder, named)
  const [known] = await listKnownFiles(folder)
  const files = await listWeightFiles(folder)
  if (files.length === 0) throw await explainMissing(folder)
  // A single file is the model's weights, whatever it is called.
  const first = known ?? (files.length === 1 ? files[0] : undefined)
  if (first === undefined) throw severalFiles(folder, files)
  const listing = await listFile(folder, first)
  const others = files.filter((file) => file !== first)
  const notes =
    others.length === 0
      ? []
      : [`Other weights in the folder were not used: ${others.join(', ')}. Name one of them to use it.`]
  return { ...listing, notes: [...listing.notes, ...notes] }
}

async function listFile(folder: string, file: string): Promise<WeightsListing> {
  const path = await containedPath(folder, file)
  if (path === undefined) {
    throw new AnchorageError('file-not-found', 'The weights file that was named is not there.', {
      where: join(folder, file),
      found: (await listWeightFiles(folder)).join(', ') || 'no weights at all',
      expected: 'a file of the model folder, named as it lies in it',
      next: 'Name one of those that are there, or none to have one chosen.'
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
      found: describeIssues(index.error),
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

function severalFiles(folder: string, files: readonly string[]): AnchorageError {
  return new AnchorageError('needs-choice', 'Which of the files holds the weights is not known.', {
    where: folder,
    found: files.join(', '),
    expected: [...exactFiles, 'onnx/model.onnx'].join(', '),
    next: 'Name the one that is a whole language model: --weights FILE on the command line.'
  })
}

async function explainMissing(folder: string): Promise<AnchorageError> {
  const names = await readdir(folder)
  return new AnchorageError('file-not-found', 'The folder holds no weights.', {
    where: folder,
    found: names.slice(0, 8).join(', ') || 'an empty folder',
    expected: [...exactFiles, 'onnx/model.onnx'].join(', '),
    next: 'Fetch the weights into the folder, or name the file that holds them.'
  })
}
