/**
 * What the pickle inside a torch file says: which tensors there are, and in which storage each lies, by
 * offset, shape and strides. The names that torch itself writes are given a meaning as data here; any
 * other name in the file is refused by the pickle reader.
 */
import { z } from 'zod'
import { AnchorageError } from '#engine/common/contract/errors.ts'
import { PickleGlobal, type PickleRules, readPickle } from './pickle.ts'
import { PickleFault } from './pickle-end.ts'
import { requireTensorCount, requireTensorName } from './tensor-limits.ts'

/** A block of memory that one or more tensors look into. */
export class TorchStorage {
  readonly key: string
  readonly dtype: string
  /** Elements; bytes for an untyped storage. */
  readonly count: number
  /** The legacy layout's views: elements before this storage in the one with the same key. */
  readonly viewOffset: number

  constructor(key: string, dtype: string, count: number, viewOffset: number) {
    this.key = key
    this.dtype = dtype
    this.count = count
    this.viewOffset = viewOffset
  }
}

/** A view on a storage; offset and strides in elements. */
export class TorchTensor {
  readonly storage: TorchStorage
  readonly dtype: string
  readonly offset: number
  readonly shape: readonly number[]
  readonly strides: readonly number[]

  constructor(
    storage: TorchStorage,
    dtype: string,
    offset: number,
    shape: readonly number[],
    strides: readonly number[]
  ) {
    this.storage = storage
    this.dtype = dtype
    this.offset = offset
    this.shape = shape
    this.strides = strides
  }
}

/** Torch's names of element types, as storage class and as `torch.dtype`, with safetensors' names. */
const dtypes: readonly (readonly [storage: string, dtype: string, name: string])[] = [
  ['DoubleStorage', 'float64', 'F64'],
  ['FloatStorage', 'float32', 'F32'],
  ['HalfStorage', 'float16', 'F16'],
  ['BFloat16Storage', 'bfloat16', 'BF16'],
  ['LongStorage', 'int64', 'I64'],
  ['IntStorage', 'int32', 'I32'],
  ['ShortStorage', 'int16', 'I16'],
  ['CharStorage', 'int8', 'I8'],
  ['ByteStorage', 'uint8', 'U8'],
  ['BoolStorage', 'bool', 'BOOL'],
  ['ComplexFloatStorage', 'complex64', 'C64']
]
const dtypeOfName = new Map<string, string>(
  dtypes.flatMap(([storage, dtype, name]) => [
    [`torch.${storage}`, name],
    [`torch.${dtype}`, name]
  ])
)
/** A storage that says only how many bytes it has; the tensor brings the type. */
const untyped = 'torch.storage.UntypedStorage'

const size = z.int().nonnegative()
const storageSchema = z.instanceof(TorchStorage)
/** A pickle can name one list many times over: what is looked at for each name is short. */
const [mostDimensions, mostParameters] = [64, 16]
const sizes = z.array(z.unknown()).max(mostDimensions, { abort: true }).pipe(z.array(size))
const viewSchema = z.tuple([storageSchema, size, sizes, sizes]).rest(z.unknown())
const typedViewSchema = z
  .tuple([storageSchema, size, sizes, sizes, z.unknown(), z.unknown(), z.instanceof(PickleGlobal)])
  .rest(z.unknown())
const persistentSchema = z
  .tuple([z.literal('storage'), z.instanceof(PickleGlobal), z.string().max(1000), z.string(), size])
  .rest(z.unknown())
/** The sixth part of a legacy id: key, offset and size of the view, or none. */
const legacyViewSchema = z.tuple([z.string(), size, size]).nullish()

/** A torch pickle: its object, the storages that it refers to by key, and the byte after its end. */
export type TorchPickle = {
  readonly value: unknown
  readonly storages: ReadonlyMap<string, TorchStorage>
  readonly end: number
}

/**
 * Reads the torch pickle that begins at byte `start`: tensors, dictionaries (`Map`) and lists of them.
 * @throws `file-unsafe` for a name that torch's own tensors don't need, `file-malformed`, `PickleEnd`.
 */
export function readTorchPickle(bytes: Uint8Array, start: number, path: string): TorchPickle {
  const storages = new Map<string, TorchStorage>()
  let made = 0
  const global = (name: string): PickleGlobal | undefined => {
    const meaning = meaningOf(name, path)
    const call = meaning?.call
    if (call === undefined) return meaning
    return new PickleGlobal(name, (parameters) => {
      requireTensorCount(++made / callsPerTensor, path)
      requireFew(parameters)
      return call(parameters)
    })
  }
  const rules: PickleRules = {
    global,
    persistent(id) {
      requireTensorCount(++made / callsPerTensor, path)
      requireFew(id)
      const storage = readStorage(id, path)
      storages.set(storage.key, storage)
      return storage
    }
  }
  return { ...readPickle(bytes, start, rules, path), storages }
}

/** A tensor is made of a storage, a view on it, a parameter and its dictionary of hooks, some with names of types. */
const callsPerTensor = 8

function requireFew(parameters: unknown): void {
  if (Array.isArray(parameters) && parameters.length > mostParameters) {
    throw new PickleFault(`a call with ${parameters.length} parameters`)
  }
}

function deviceName(parameters: unknown[]): string {
  const parts = z.array(z.union([z.string().max(100), z.number()])).safeParse(parameters)
  if (!parts.success) throw new PickleFault('a device that is neither a name nor a number')
  return parts.data.join(':')
}

/** What a name means, and what a call of it makes. */
function meaningOf(name: string, path: string): PickleGlobal | undefined {
  switch (name) {
    case 'torch._utils._rebuild_tensor':
    case 'torch._utils._rebuild_tensor_v2':
      return new PickleGlobal(name, (parameters) => rebuildTensor(parameters, path))
    case 'torch._utils._rebuild_tensor_v3':
      return new PickleGlobal(name, (parameters) => rebuildTypedTensor(parameters, path))
    case 'torch._utils._rebuild_parameter':
    case 'torch._utils._rebuild_parameter_with_state':
    case 'torch.Size':
      return new PickleGlobal(name, (parameters) => parameters[0])
    case 'torch.device':
      return new PickleGlobal(name, deviceName)
    case 'collections.OrderedDict':
      return new PickleGlobal(name, makeDictionary)
    case untyped:
      return new PickleGlobal(name)
    default:
      return dtypeOfName.has(name) ? new PickleGlobal(name) : undefined
  }
}

/** Entries of a dictionary that comes as a list: Python 2 wrote state dictionaries so. */
const mostPairs = 10_000

/** `OrderedDict()`, or Python 2's `OrderedDict([[key, value], …])`. */
function makeDictionary([list = []]: unknown[]): Map<unknown, unknown> {
  if (Array.isArray(list) && list.length > mostPairs) {
    throw new PickleFault(`a dictionary as a list of ${list.length} pairs`)
  }
  const pairs = z.array(z.tuple([z.unknown(), z.unknown()])).safeParse(list)
  return new Map(pairs.success ? pairs.data : [])
}

function rebuildTensor(parameters: unknown[], path: string): TorchTensor {
  const view = viewSchema.safeParse(parameters)
  if (!view.success) throw malformed(path, 'a tensor without storage, offset, shape and strides')
  const [storage, offset, shape, strides] = view.data
  if (storage.dtype === untyped) throw malformed(path, 'a tensor without an element type')
  return makeTensor(storage, storage.dtype, offset, shape, strides, path)
}

function rebuildTypedTensor(parameters: unknown[], path: string): TorchTensor {
  const view = typedViewSchema.safeParse(parameters)
  if (!view.success) throw malformed(path, 'a tensor without storage, offset, shape, strides and type')
  const [storage, offset, shape, strides, , , dtype] = view.data
  return makeTensor(storage, dtypeOfName.get(dtype.name) ?? dtype.name, offset, shape, strides, path)
}

function makeTensor(
  storage: TorchStorage,
  dtype: string,
  offset: number,
  shape: number[],
  strides: number[],
  path: string
): TorchTensor {
  if (shape.length !== strides.length) {
    throw malformed(path, `a shape of ${shape.length} sizes with ${strides.length} strides`)
  }
  return new TorchTensor(storage, dtype, offset, shape, strides)
}

function readStorage(id: unknown, path: string): TorchStorage {
  const storage = persistentSchema.safeParse(id)
  if (!storage.success) throw malformed(path, 'a reference to something that is not a storage')
  const [, type, key, , count, view] = storage.data
  const legacyView = legacyViewSchema.safeParse(view)
  if (!legacyView.success) throw malformed(path, `a view on storage ${key} without offset and size`)
  const dtype = dtypeOfName.get(type.name) ?? type.name
  if (!legacyView.data) return new TorchStorage(key, dtype, count, 0)
  const [, viewOffset, viewCount] = legacyView.data
  if (viewOffset + viewCount > count) throw malformed(path, `a view beyond the end of storage ${key}`)
  return new TorchStorage(key, dtype, viewCount, viewOffset)
}

/** Levels of dictionaries and lists in a file of tensors. */
const deepestNesting = 32

/** Every tensor in what a pickle held, by its keys joined with dots; a bare tensor is named `tensor`. */
export function collectTensors(value: unknown, path: string): Map<string, TorchTensor> {
  const tensors = new Map<string, TorchTensor>()
  if (value instanceof TorchTensor) return tensors.set('tensor', value)
  const seen = new Set<unknown>()
  const visit = (container: unknown, prefix: string, depth: number): void => {
    if (!(container instanceof Map || Array.isArray(container)) || seen.has(container)) return
    if (depth > deepestNesting) throw malformed(path, `more than ${deepestNesting} nested dictionaries`)
    seen.add(container)
    for (const [key, item] of container.entries()) {
      if (typeof key !== 'string' && typeof key !== 'number') continue
      const name = prefix === '' ? String(key) : `${prefix}.${key}`
      if (item instanceof TorchTensor) {
        requireTensorName(name, path)
        requireTensorCount(tensors.set(name, item).size, path)
      } else visit(item, name, depth + 1)
    }
  }
  visit(value, '', 0)
  return tensors
}

function malformed(path: string, found: string): AnchorageError {
  return new AnchorageError('file-malformed', 'The torch file is damaged.', {
    where: path,
    found,
    expected: 'tensors as torch.save writes them',
    next: 'Check that the file was copied whole; else save it again with torch.save or as safetensors.'
  })
}
