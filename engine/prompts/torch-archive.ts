/**
 * Writes one float32 matrix as `torch.save(tensor, path)` does: a zip of stored entries holding a pickle that
 * rebuilds the tensor, the raw values, the format's version and the byte order. `torch.load` opens it with
 * `weights_only=True`.
 */
import { float32Bytes } from './npy-array.ts'
import { storeZip } from './stored-zip.ts'

const ascii = new TextEncoder()

/** Pickle opcodes of protocol 2 by their names in Python's `pickletools`. */
const opcode = {
  protocol: [0x80, 2],
  global: 0x63,
  mark: 0x28,
  unicode: 0x58,
  integer: 0x4a,
  tuple: 0x74,
  emptyTuple: 0x29,
  tuple2: 0x86,
  persistentId: 0x51,
  newFalse: 0x89,
  reduce: 0x52,
  stop: 0x2e
} as const

function littleEndian32(value: number): number[] {
  return [value & 0xff, (value >> 8) & 0xff, (value >> 16) & 0xff, (value >> 24) & 0xff]
}

function global(module: string, name: string): number[] {
  return [opcode.global, ...ascii.encode(`${module}\n${name}\n`)]
}

function unicode(text: string): number[] {
  const bytes = ascii.encode(text)
  return [opcode.unicode, ...littleEndian32(bytes.length), ...bytes]
}

function integer(value: number): number[] {
  return [opcode.integer, ...littleEndian32(value)]
}

/**
 * The pickle of a contiguous `[rows, columns]` tensor:
 * `_rebuild_tensor_v2(storage, 0, (rows, columns), (columns, 1), False, OrderedDict())`.
 */
function tensorPickle(rows: number, columns: number): Uint8Array {
  const storage = [
    ...[opcode.mark, ...unicode('storage'), ...global('torch', 'FloatStorage')],
    ...[...unicode('0'), ...unicode('cpu'), ...integer(rows * columns), opcode.tuple, opcode.persistentId]
  ]
  const shape = [...integer(rows), ...integer(columns), opcode.tuple2]
  const strides = [...integer(columns), ...integer(1), opcode.tuple2]
  const hooks = [...global('collections', 'OrderedDict'), opcode.emptyTuple, opcode.reduce]
  return Uint8Array.from([
    ...[...opcode.protocol, ...global('torch._utils', '_rebuild_tensor_v2'), opcode.mark],
    ...[...storage, ...integer(0), ...shape, ...strides, opcode.newFalse, ...hooks, opcode.tuple],
    ...[opcode.reduce, opcode.stop]
  ])
}

/** The bytes of a torch file that holds the `[rows, columns]` tensor alone. */
export async function encodeTorchTensor(
  rows: number,
  columns: number,
  values: Float32Array
): Promise<Uint8Array> {
  return await storeZip([
    { name: 'archive/data.pkl', bytes: tensorPickle(rows, columns) },
    { name: 'archive/byteorder', bytes: ascii.encode('little') },
    { name: 'archive/data/0', bytes: float32Bytes(values) },
    { name: 'archive/version', bytes: ascii.encode('3\n') }
  ])
}
