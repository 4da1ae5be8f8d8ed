/**
 * The torch format since version 1.6: a zip archive, uncompressed, with a pickle `NAME/data.pkl` that
 * describes the tensors and one entry `NAME/data/KEY` for each storage.
 */
import { AnchorageError } from '#engine/common/contract/errors.ts'
import { type Checksum, checksum } from './checksum.ts'
import { PickleEnd } from './pickle-end.ts'
import { readBytes, withFile } from './read-range.ts'
import type { StoredTensor } from './stored-tensor.ts'
import { stridedTensor } from './strided-tensor.ts'
import { parsingSeconds, withinSeconds } from './time-limit.ts'
import { collectTensors, readTorchPickle } from './torch-pickle.ts'
import { listZipEntries, type ZipEntry } from './zip-entries.ts'

/** A description of tensors is far smaller; more would not be one. */
const largestPickle = 64 * 2 ** 20

/** The tensors of a torch zip file; storages are not read. */
export async function listTorchZip(path: string): Promise<StoredTensor[]> {
  const entries = new Map((await listZipEntries(path)).map((entry) => [entry.name, entry]))
  const description = [...entries.values()].find(({ name }) => /^[^/]+\/data\.pkl$/.test(name))
  if (description === undefined) {
    throw malformed(path, `a zip archive with ${[...entries.keys()].slice(0, 4).join(', ') || 'no entries'}`)
  }
  const folder = description.name.slice(0, -'data.pkl'.length)
  await requireLittleEndian(path, entries.get(`${folder}byteorder`))
  const bytes = await readEntry(path, description)
  const tensors: StoredTensor[] = []
  for (const [name, tensor] of collectTensors(readDescription(bytes, path), path)) {
    const storage = entries.get(`${folder}data/${tensor.storage.key}`)
    if (storage === undefined) throw malformed(path, `no entry for storage ${tensor.storage.key}`)
    if (!storage.stored) throw malformed(path, `the compressed entry ${storage.name}`)
    tensors.push(stridedTensor(path, name, tensor, { ...storage, sum: sumOf(path, storage) }))
  }
  return tensors
}

/** The sum over an entry; none where torch was told to leave it out, which it writes as 0. */
function sumOf(path: string, { name, crc32 }: ZipEntry): (() => Checksum) | undefined {
  return crc32 === 0 ? undefined : () => checksum(crc32, `${path}, ${name}`)
}

function readDescription(bytes: Uint8Array, path: string): unknown {
  try {
    return withinSeconds(parsingSeconds, path, () => readTorchPickle(bytes, 0, path).value)
  } catch (error) {
    if (error instanceof PickleEnd) throw malformed(path, 'a description that breaks off')
    throw error
  }
}

async function readEntry(path: string, entry: ZipEntry): Promise<Uint8Array> {
  if (!entry.stored) throw malformed(path, `the compressed entry ${entry.name}`)
  if (entry.bytes > largestPickle) throw malformed(path, `a description of ${entry.bytes} bytes`)
  const bytes = await withFile(path, (file) => readBytes(file, entry.offset, entry.bytes, path))
  const sum = sumOf(path, entry)?.()
  sum?.update(bytes)
  sum?.end()
  return bytes
}

async function requireLittleEndian(path: string, entry: ZipEntry | undefined): Promise<void> {
  if (entry === undefined) return
  const order = new TextDecoder().decode(await readEntry(path, entry))
  if (order !== 'little') throw malformed(path, `values in ${order.slice(0, 20)}-endian order`)
}

function malformed(path: string, found: string): AnchorageError {
  return new AnchorageError('file-malformed', 'The archive is not a torch file that can be read.', {
    where: path,
    found,
    expected: 'an uncompressed, little-endian archive with data.pkl and one entry per storage',
    next: 'Save it again with torch.save, or as safetensors.'
  })
}
