/**
 * The weights of a graph that a session copies into memory of its own. Those that are only looked up stay mapped where they
 * lie in their file; what a product or a transposition reads is packed anew, in one piece.
 */
import { AnchorageError } from '#engine/common/contract/errors.ts'
import type { ModelProto, NodeProto, TensorProto } from './messages.ts'
import { tensorBytes } from './stored-initializer.ts'

const lookups = new Set(['Gather'])

/** The node that has a tensor copied; undefined where all that read it look it up. */
function copier(nodes: readonly NodeProto[], { name }: TensorProto): NodeProto | undefined {
  return nodes.find(({ opType, input }) => input.includes(name) && !lookups.has(opType))
}

/**
 * Refuses a graph with weights that are copied in one piece of more than `limit` bytes.
 * @throws `unsupported`
 */
export function requireCopyable({ graph }: ModelProto, path: string, limit: number): void {
  if (limit === Number.POSITIVE_INFINITY) return
  for (const tensor of graph.initializer) {
    const bytes = tensorBytes(tensor) ?? 0
    if (bytes <= limit) continue
    const node = copier(graph.node, tensor)
    if (node === undefined) continue
    throw new AnchorageError('unsupported', 'The model is too large for the desktop application.', {
      where: `${path}, weights ${tensor.name}`,
      found: `${bytes.toLocaleString('en')} bytes in one piece, which ${node.opType} reads`,
      expected: `at most ${limit.toLocaleString('en')} bytes: Electron ends a process that asks for more`,
      next: 'Use it in the browser (`npm run serve`) or on the command line, which have no such limit.'
    })
  }
}
