/**
 * A reader of Python pickles that builds plain data and executes nothing. Dictionaries become `Map`s,
 * lists and tuples arrays, `None` null. A pickle can ask for any function of Python by name; here a name
 * is either on the caller's list, with a meaning written in this project, or the file is refused.
 * Read are the opcodes of the protocols 2 to 5 that data needs.
 */
import { AnchorageError } from '#engine/common/contract/errors.ts'
import { type PickleArgument, type PickleCursor, readArgument } from './pickle-arguments.ts'
import { PickleEnd, PickleFault } from './pickle-end.ts'

/** A name that a pickle may use, and what calling it makes of the arguments; without `call`, a mere name. */
export class PickleGlobal {
  readonly name: string
  readonly call: ((parameters: unknown[]) => unknown) | undefined

  constructor(name: string, call?: (parameters: unknown[]) => unknown) {
    this.name = name
    this.call = call
  }
}

export type PickleRules = {
  /** What a global name means, or undefined where it isn't allowed. */
  global(name: string): PickleGlobal | undefined
  /** What a persistent id, data kept outside of the pickle, stands for. */
  persistent(id: unknown): unknown
}

/** More values or marks on the stack than any honest writer leaves there. */
const largestStack = 1_000_000
const deepestNesting = 1_000
/** Operations of one pickle; each tensor takes some forty. */
const mostSteps = 10_000_000

type Machine = {
  readonly cursor: PickleCursor
  readonly rules: PickleRules
  stack: unknown[]
  /** The stacks set aside by MARK. */
  readonly outer: unknown[][]
  readonly memo: Map<number, unknown>
}

/**
 * Reads the pickle that begins at byte `start`.
 * @returns its value and the byte after its end.
 * @throws `file-unsafe` for a name that isn't allowed, `file-malformed` for nonsense, {@link PickleEnd}.
 */
export function readPickle(
  bytes: Uint8Array,
  start: number,
  rules: PickleRules,
  where: string
): { value: unknown; end: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const cursor: PickleCursor = { bytes, view, at: start, where }
  const machine: Machine = { cursor, rules, stack: [], outer: [], memo: new Map() }
  try {
    return { value: run(machine), end: cursor.at }
  } catch (error) {
    if (error instanceof PickleFault) throw malformedPickle(machine, error.message)
    throw error
  }
}

/** Takes the steps of a pickle to its end. */
function run(machine: Machine): unknown {
  const { cursor } = machine
  const { bytes } = cursor
  for (let taken = 0; taken < mostSteps; taken++) {
    if (cursor.at >= bytes.byteLength) throw new PickleEnd()
    const opcode = bytes[cursor.at++]
    if (opcode === stop) return pop(machine)
    const step = steps.get(String.fromCharCode(opcode))
    if (step === undefined) {
      throw malformedPickle(machine, `the opcode 0x${opcode.toString(16).padStart(2, '0')}`)
    }
    step(machine)
    if (machine.stack.length > largestStack || machine.outer.length > deepestNesting) {
      throw malformedPickle(machine, 'more nested values than a tensor file has')
    }
  }
  throw malformedPickle(machine, `more than ${mostSteps.toLocaleString('en')} operations`)
}

const stop = 0x2e

type Step = (machine: Machine) => void

/** By opcode, written as the character with its code. */
const steps: ReadonlyMap<string, Step> = new Map<string, Step>([
  // Values written out in the stream.
  ['N', (machine) => push(machine, null)],
  ['\x88', (machine) => push(machine, true)],
  ['\x89', (machine) => push(machine, false)],
  ['J', argument('int32')],
  ['K', argument('uint8')],
  ['M', argument('uint16')],
  ['\x8a', argument('long1')],
  ['\x8b', argument('long4')],
  ['I', argument('decimal-line')],
  ['L', argument('decimal-line')],
  ['F', argument('float-line')],
  ['G', argument('float64')],
  ['X', argument('text4')],
  ['\x8c', argument('text1')],
  ['\x8d', argument('text8')],
  ['V', argument('text-line')],
  ['T', argument('latin4')],
  ['U', argument('latin1')],
  ['B', argument('bytes4')],
  ['C', argument('bytes1')],
  ['\x8e', argument('bytes8')],
  ['\x96', argument('bytes8')],
  // Containers.
  ['(', setMark],
  [')', (machine) => push(machine, [])],
  [']', (machine) => push(machine, [])],
  ['}', (machine) => push(machine, new Map())],
  ['\x8f', (machine) => push(machine, [])],
  ['t', (machine) => push(machine, takeMarked(machine))],
  ['l', (machine) => push(machine, takeMarked(machine))],
  ['\x91', (machine) => push(machine, takeMarked(machine))],
  ['d', (machine) => push(machine, setPairs(machine, new Map(), takeMarked(machine)))],
  ['\x85', (machine) => push(machine, takeLast(machine, 1))],
  ['\x86', (machine) => push(machine, takeLast(machine, 2))],
  ['\x87', (machine) => push(machine, takeLast(machine, 3))],
  ['a', (machine) => append(machine, takeLast(machine, 1))],
  ['e', (machine) => append(machine, takeMarked(machine))],
  ['\x90', (machine) => append(machine, takeMarked(machine))],
  ['s', (machine) => setItems(machine, takeLast(machine, 2))],
  ['u', (machine) => setItems(machine, takeMarked(machine))],
  // The stack and the memo.
  ['0', (machine) => void pop(machine)],
  ['1', (machine) => void takeMarked(machine)],
  ['2', (machine) => push(machine, top(machine))],
  ['q', (machine) => remember(machine, 'uint8')],
  ['r', (machine) => remember(machine, 'uint32')],
  ['p', (machine) => remember(machine, 'decimal-line')],
  ['\x94', (machine) => void machine.memo.set(machine.memo.size, top(machine))],
  ['h', (machine) => recall(machine, 'uint8')],
  ['j', (machine) => recall(machine, 'uint32')],
  ['g', (machine) => recall(machine, 'decimal-line')],
  // Names, calls and data kept elsewhere.
  ['c', (machine) => pushGlobal(machine, readText(machine), readText(machine))],
  ['\x93', pushStackedGlobal],
  ['R', call],
  ['\x81', call],
  ['b', setState],
  ['Q', (machine) => push(machine, machine.rules.persistent(pop(machine)))],
  // Framing.
  ['\x80', checkProtocol],
  ['\x95', (machine) => void readArgument(machine.cursor, 'uint64')]
])

function argument(kind: PickleArgument): Step {
  return (machine) => push(machine, readArgument(machine.cursor, kind))
}

function push(machine: Machine, value: unknown): void {
  machine.stack.push(value)
}

function top(machine: Machine): unknown {
  if (machine.stack.length === 0) throw malformedPickle(machine, 'an operation without its value')
  return machine.stack[machine.stack.length - 1]
}

function pop(machine: Machine): unknown {
  const value = top(machine)
  machine.stack.pop()
  return value
}

function takeLast(machine: Machine, count: number): unknown[] {
  if (machine.stack.length < count) throw malformedPickle(machine, 'an operation without its values')
  return machine.stack.splice(machine.stack.length - count, count)
}

function setMark(machine: Machine): void {
  machine.outer.push(machine.stack)
  machine.stack = []
}

/** The values since the last MARK, which they and it leave. */
function takeMarked(machine: Machine): unknown[] {
  const outer = machine.outer.pop()
  if (outer === undefined) throw malformedPickle(machine, 'an end without its beginning')
  const marked = machine.stack
  machine.stack = outer
  return marked
}

function append(machine: Machine, values: unknown[]): void {
  const list = top(machine)
  if (!Array.isArray(list)) throw malformedPickle(machine, 'items for something that is not a list')
  for (const value of values) list.push(value)
}

function setItems(machine: Machine, pairs: unknown[]): void {
  const dictionary = top(machine)
  if (!(dictionary instanceof Map))
    throw malformedPickle(machine, 'items for something that is not a dictionary')
  setPairs(machine, dictionary, pairs)
}

function setPairs(
  machine: Machine,
  dictionary: Map<unknown, unknown>,
  pairs: unknown[]
): Map<unknown, unknown> {
  if (pairs.length % 2 !== 0) throw malformedPickle(machine, 'a key without its value')
  for (let i = 0; i < pairs.length; i += 2) dictionary.set(pairs[i], pairs[i + 1])
  return dictionary
}

function remember(machine: Machine, kind: 'uint8' | 'uint32' | 'decimal-line'): void {
  machine.memo.set(Number(readArgument(machine.cursor, kind)), top(machine))
}

function recall(machine: Machine, kind: 'uint8' | 'uint32' | 'decimal-line'): void {
  const index = Number(readArgument(machine.cursor, kind))
  if (!machine.memo.has(index)) throw malformedPickle(machine, `the unknown memo ${index}`)
  push(machine, machine.memo.get(index))
}

function readText(machine: Machine): string {
  return String(readArgument(machine.cursor, 'text-line'))
}

function pushStackedGlobal(machine: Machine): void {
  const [module, name] = takeLast(machine, 2)
  if (typeof module !== 'string' || typeof name !== 'string') {
    throw malformedPickle(machine, 'a name that is not a text')
  }
  pushGlobal(machine, module, name)
}

function pushGlobal(machine: Machine, module: string, name: string): void {
  const known = machine.rules.global(`${module}.${name}`)
  if (known === undefined) throw refusedGlobal(machine, `${module}.${name}`)
  push(machine, known)
}

function call(machine: Machine): void {
  const [callee, parameters] = takeLast(machine, 2)
  if (!(callee instanceof PickleGlobal) || callee.call === undefined || !Array.isArray(parameters)) {
    throw malformedPickle(machine, 'a call of something that is not an allowed function')
  }
  push(machine, callee.call(parameters))
}

/** Attributes set on an object afterwards (`_metadata` of a state dictionary): read and left out. */
function setState(machine: Machine): void {
  pop(machine)
  top(machine)
}

function checkProtocol(machine: Machine): void {
  const protocol = Number(readArgument(machine.cursor, 'uint8'))
  if (protocol > 5) throw malformedPickle(machine, `protocol ${protocol}`)
}

function refusedGlobal(machine: Machine, whole: string): AnchorageError {
  const name = whole.slice(0, 200)
  return new AnchorageError('file-unsafe', `The file asks Python to run ${name}, which is refused.`, {
    where: `${machine.cursor.where}, byte ${machine.cursor.at}`,
    found: name,
    expected: 'tensors and dictionaries of tensors alone',
    next: 'If you trust its origin, load it in PyTorch and save the tensors alone, best as safetensors.'
  })
}

function malformedPickle(machine: Machine, found: string): AnchorageError {
  return new AnchorageError('file-malformed', "The pickle in the file can't be read.", {
    where: `${machine.cursor.where}, byte ${machine.cursor.at}`,
    found,
    expected: 'a pickle of the protocols 2 to 5 that holds tensors',
    next: 'Check that the file was copied whole; else save it again with torch.save or as safetensors.'
  })
}
