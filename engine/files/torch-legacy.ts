/**
 * The torch format before version 1.6: five pickles one after the other (a magic number, the protocol,
 * facts about the machine, the object, the keys of its storages), then for each key the number of
 * elements and the bytes.
 */
import type { FileHandle } from 'node:fs/promises'
import { z } from 'zod'
import { AnchorageError } from '#engine/common/contract/errors.ts'
import { packedBytes } from './element-types.ts'
import { PickleEnd } from './pickle-end.ts'
import { readBytes, withFile } from './read-range.ts'
import type { StoredTensor } from './stored-tensor.ts'
import { type StorageRange, stridedTensor } from './strided-tensor.ts'
import { requireTensorCount } from './tensor-limits.ts'
import { parsingSeconds, withinSeconds } from './time-limit.ts'
import { collectTensors, readTorchPickle, type TorchPickle, type TorchStorage } from './torch-pickle.ts'

const magicNumber = 0x1950a86a20f9469cfc6cn
const protocolVersion = 1001

/** The pickles lie before the values; how many bytes they take is only known once they are read. */
const firstWindow = 2 ** 20
const largestWindow = 64 * 2 ** 20

const machineSchema = z.map(z.unknown(), z.unknown())
const keysSchema = z.array(z.string())

/** The tensors of a legacy torch file; values are not read. */
export async function listTorchLegacy(path: string): Promise<StoredTensor[]> {
  return await withFile(path, async (file, fileSize) => {
    const { object, keys, end } = await readPickles(file, fileSize, path)
    const places = await locateStorages(file, fileSize, keys, object.storages, end, path)
    return [...collectTensors(object.value, path)].map(([name, tensor]) => {
      const { key, dtype, count, viewOffset } = tensor.storage
      const place = places.get(key)
      if (place === undefined) throw malformed(path, `no bytes for storage ${key}`)
      const skipped = packedBytes(dtype, viewOffset) ?? 0
      const bytes = Math.min(packedBytes(dtype, count) ?? 0, place.bytes - skipped)
      return stridedTensor(path, name, tensor, { offset: place.offset + skipped, bytes })
    })
  })
}

/** The object, the keys of its storages in the file's order, and where the first of them begins. */
type Pickles = { object: TorchPickle; keys: string[]; end: number }

async function readPickles(file: FileHandle, fileSize: number, path: string): Promise<Pickles> {
  for (let window = firstWindow; ; window *= 4) {
    const bytes = await readBytes(file, 0, Math.min(window, fileSize), path)
    try {
      return withinSeconds(parsingSeconds, path, () => parsePickles(bytes, path))
    } catch (error) {
      if (!(error instanceof PickleEnd)) throw error
      if (window >= fileSize) throw malformed(path, 'a description that breaks off')
      if (window >= largestWindow) throw malformed(path, `a description of more than ${window} bytes`)
    }
  }
}

function parsePickles(bytes: Uint8Array, path: string): Pickles {
  const magic = readTorchPickle(bytes, 0, path)
  if (magic.value !== magicNumber) throw malformed(path, 'a pickle without the magic number of torch')
  const protocol = readTorchPickle(bytes, magic.end, path)
  if (protocol.value !== protocolVersion) throw malformed(path, `protocol ${String(protocol.value)}`)
  const machine = readTorchPickle(bytes, protocol.end, path)
  if (machineSchema.safeParse(machine.value).data?.get('little_endian') !== true) {
    throw malformed(path, 'values that are not in little-endian order')
  }
  const object = readTorchPickle(bytes, machine.end, path)
  const keys = readTorchPickle(bytes, object.end, path)
  const parsed = keysSchema.safeParse(keys.value)
  if (!parsed.success) throw malformed(path, 'no list of storages')
  return { object, keys: parsed.data, end: keys.end }
}

/** Where the bytes of each storage lie: they follow one another, each behind its number of elements. */
async function locateStorages(
  file: FileHandle,
  fileSize: number,
  keys: readonly string[],
  storages: ReadonlyMap<string, TorchStorage>,
  start: number,
  path: string
): Promise<Map<string, StorageRange>> {
  requireTensorCount(keys.length, path)
  const places = new Map<string, StorageRange>()
  let at = start
  for (const key of keys) {
    const storage = storages.get(key)
    if (storage === undefined) throw malformed(path, `storage ${key}, which no tensor uses`)
    const header = await readBytes(file, at, 8, path)
    const count = Number(new DataView(header.buffer).getBigUint64(0, true))
    const bytes = packedBytes(storage.dtype, count)
    const left = fileSize - at - 8
    if (bytes === undefined || bytes > left) {
      throw malformed(path, `storage ${key} of ${count} × ${storage.dtype} where ${left} bytes are left`)
    }
    places.set(key, { offset: at + 8, bytes })
    at += 8 + bytes
  }
  return places
}

function malformed(path: string, found: string): AnchorageError {
  return new AnchorageError('file-malformed', 'The torch file could not be read.', {
    where: path,
    found,
    expected: 'a whole, little-endian file of torch.save',
    next: 'Check that the file was copied whole; else save it again with torch.save or as safetensors.'
  })
}
