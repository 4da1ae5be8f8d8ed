/**
 * A head that is tied to the embedding table multiplies by the table transposed: onnxruntime would transpose it beforehand,
 * pack that, and hold the copy beside the table. Its own operator multiplies by the table as it lies in its file.
 */
import { attributeProto } from './build-messages.ts'
import { pruneGraph } from './gradients/prune-graph.ts'
import { isOperator, viewGraph } from './graph-view.ts'
import type { ModelProto, NodeProto } from './messages.ts'

const domain = 'com.microsoft'

function swapsTwoAxes({ attribute }: NodeProto): boolean {
  const order = attribute.find(({ name }) => name === 'perm')?.ints
  return order === undefined || order.map(Number).join() === '1,0'
}

/** Lets products with the transposed `table` read it as it is stored, in place: for sessions on the CPU. */
export function readTiedHeadAsStored(model: ModelProto, table: string): void {
  const view = viewGraph(model)
  const stored = view.initializer(table)
  const products = model.graph.node.filter((node) => {
    const transposed = view.producer(node.input[1] ?? '')
    return (
      isOperator(node, 'MatMul') &&
      isOperator(transposed, 'Transpose') &&
      transposed.input[0] === table &&
      swapsTwoAxes(transposed)
    )
  })
  if (stored?.dims.length !== 2 || products.length === 0) return
  for (const product of products) {
    product.opType = 'FusedMatMul'
    product.domain = domain
    product.input = [product.input[0], table]
    product.attribute = [attributeProto('transB', { int: 1 })]
  }
  // What transposed it would be computed all the same, when a session is opened.
  pruneGraph(model.graph)
  // An initializer that is an input too might be fed: it is neither packed nor copied.
  const dim = stored.dims.map((dimValue) => ({ dimValue }))
  model.graph.input.push({ name: table, type: { tensorType: { elemType: stored.dataType, shape: { dim } } } })
  if (!model.opsetImport.some((set) => set.domain === domain)) model.opsetImport.push({ domain, version: 1n })
}
