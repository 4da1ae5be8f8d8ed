/**
 * The models that lie in a place: a cache of Hugging Face, LM Studio's folder, or any folder whose subfolders hold models.
 * They are told by names alone and none of their files is opened, so that a listing is quick however large they are.
 */
import type { Dirent } from 'node:fs'
import { readdir, realpath, stat } from 'node:fs/promises'
import { basename, extname, join, relative, sep } from 'node:path'
import { throwIfCancelled } from '#engine/common/contract/errors.ts'
import { snapshotOf } from '#engine/common/files/cache-snapshot.ts'
import type { FoundModel, FoundPlace } from '#preload/contract/model-methods.ts'

/** Folders that are looked into in one place, at most: a home or a whole disk has more. */
const mostFolders = 2000

/** Levels below a place: LM Studio's `PUBLISHER/NAME`, and one more. */
const deepest = 3

const settings = /^(genai_)?config\.json$/
const weights = /\.(safetensors|bin|onnx)(\.index\.json)?$/
/** The part for images, and the parts of a split file after its first, are no models of their own. */
const noModel = /^mmproj|-(?!00001)\d{5}-of-\d{5}\.gguf$/i

async function itemsOf(folder: string): Promise<Dirent[]> {
  return await readdir(folder, { withFileTypes: true }).catch((): Dirent[] => [])
}

/** Bytes, links followed; 0 for what is no file or not there. */
async function fileSize(path: string): Promise<number> {
  const found = await stat(path).catch(() => undefined)
  return found?.isFile() === true ? found.size : 0
}

async function folderSize(folder: string): Promise<number> {
  const items = await readdir(folder, { withFileTypes: true, recursive: true }).catch((): Dirent[] => [])
  const sizes = await Promise.all(
    items.map((item) => (item.isDirectory() ? 0 : fileSize(join(item.parentPath, item.name))))
  )
  return sizes.reduce((sum, size) => sum + size, 0)
}

type Contents = { readonly ggufs: readonly string[]; readonly isModel: boolean }

/** What a folder is by the names in it: each GGUF file is a model, beside the folder's own where it has one. */
function contentsOf(items: readonly Dirent[]): Contents {
  const files = items.flatMap((item) => (item.isDirectory() ? [] : [item.name]))
  const ggufs = files.filter((name) => /\.gguf$/i.test(name) && !noModel.test(name)).sort()
  const hasWeights = files.some((name) => weights.test(name)) || items.some(({ name }) => name === 'onnx')
  return { ggufs, isModel: files.some((name) => settings.test(name)) && (hasWeights || ggufs.length === 0) }
}

async function ggufModels(folder: string, name: string, files: readonly string[]): Promise<FoundModel[]> {
  return await Promise.all(
    files.map(async (file) => {
      const path = join(folder, file)
      return { path, name: `${name}/${basename(file, extname(file))}`, size: await fileSize(path) }
    })
  )
}

/** `models--OWNER--NAME` of the Hugging Face cache; one whose snapshot is not there is listed, for it takes room. */
async function cachedModels(folder: string): Promise<FoundModel[]> {
  const name = basename(folder).replace('models--', '').replace('--', '/')
  const snapshot = await snapshotOf(folder).catch(() => undefined)
  const isHere = snapshot !== undefined && (await realpath(snapshot).catch(() => '')) === snapshot
  if (!isHere) return [{ path: folder, name, size: await folderSize(folder) }]
  const { ggufs, isModel } = contentsOf(await itemsOf(snapshot))
  const own = isModel || ggufs.length === 0 ? [{ path: folder, name, size: await folderSize(snapshot) }] : []
  return [...own, ...(await ggufModels(snapshot, name, ggufs))]
}

/** The models of one folder, and the folders below it that may hold more: none where it is a model itself. */
async function lookInto(root: string, folder: string): Promise<{ models: FoundModel[]; below: string[] }> {
  if (basename(folder).startsWith('models--')) return { models: await cachedModels(folder), below: [] }
  const items = await itemsOf(folder)
  const { ggufs, isModel } = contentsOf(items)
  const name = relative(root, folder).split(sep).join('/') || basename(folder)
  const models = await ggufModels(folder, name, ggufs)
  if (isModel)
    return { models: [{ path: folder, name, size: await folderSize(folder) }, ...models], below: [] }
  // Links are no folders here, so that nothing outside of the place is found.
  const below = items.filter((item) => item.isDirectory() && !item.name.startsWith('.'))
  return { models, below: below.map((item) => join(folder, item.name)) }
}

/** Looks through one place, level by level. */
async function findIn(root: string, signal: AbortSignal): Promise<FoundPlace> {
  const models: FoundModel[] = []
  let level = [root]
  let left = mostFolders
  for (let depth = 0; depth <= deepest && left > 0; depth++) {
    const below: string[] = []
    for (const folder of level.slice(0, left)) {
      throwIfCancelled(signal)
      const found = await lookInto(root, folder)
      models.push(...found.models)
      below.push(...found.below)
    }
    left -= level.length
    level = below
  }
  return { folder: root, models, isWhole: left > 0 || (left === 0 && level.length === 0) }
}

/**
 * The models of every place, by name; a place that two names lead to is listed once, one that is not there as empty.
 * @param places absolute paths
 * @throws AnchorageError `cancelled`
 */
export async function findModels(places: readonly string[], signal: AbortSignal): Promise<FoundPlace[]> {
  const found = new Map<string, FoundPlace>()
  for (const place of places) {
    const root = await realpath(place).catch(() => undefined)
    if (root === undefined) found.set(place, { folder: place, models: [], isWhole: true })
    else if (!found.has(root)) found.set(root, await findIn(root, signal))
  }
  return [...found.values()].map((place) => ({
    ...place,
    models: place.models.sort((a, b) => a.name.localeCompare(b.name, undefined, { numeric: true }))
  }))
}
