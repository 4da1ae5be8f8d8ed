/** Gradients of sums and means over axes. */
import { AnchorageError } from '#engine/common/contract/errors.ts'
import { readInteger } from '#engine/onnx/read-messages.ts'
import { expandLike, unsqueeze } from '../emit-shapes.ts'
import { asNumber, type Emitter } from '../emitter.ts'
import { product } from '../shapes/dimensions.ts'
import { namedAxes } from '../shapes/tensor-facts.ts'
import { type GradientRule, type GradientSite, nodeFacts } from './rule.ts'

/** The axes that are reduced: all of them when none is named, unless that is said to mean none. */
function reducedAxes(emit: Emitter, site: GradientSite): number[] {
  const {
    node,
    inputs: [x]
  } = site
  const rank = emit.shape(x).length
  const axes = namedAxes(nodeFacts(emit, site), 1, rank)
  if (axes === undefined) {
    throw new AnchorageError('unsupported', 'The axes of a reduction are only known at run time.', {
      where: `node ${node.name}, operator ${node.opType}`,
      found: 'axes that the graph computes',
      expected: 'axes that are constants',
      next: 'Simplify the graph (constant folding) or export it again.'
    })
  }
  const meansAll = axes.length === 0 && readInteger(node, 'noop_with_empty_axes', 0) === 0
  return meansAll ? Array.from({ length: rank }, (_, axis) => axis) : axes
}

/** g repeated along the reduced axes. */
function repeated(emit: Emitter, site: GradientSite, gradient: string): string {
  const {
    node,
    inputs: [x]
  } = site
  const dropped = readInteger(node, 'keepdims', 1) === 1 ? [] : reducedAxes(emit, site)
  return expandLike(emit, dropped.length > 0 ? unsqueeze(emit, gradient, dropped) : gradient, x)
}

/** y = Σ x over axes: d_x = g repeated along them */
export const sum: GradientRule = (emit, site) => [() => repeated(emit, site, site.gradient)]

/** y = Σ x / n over axes with n elements: d_x = g / n repeated along them */
export const mean: GradientRule = (emit, site) => [
  () => {
    const share = emit.node('Div', [site.gradient, reducedCount(emit, site)])
    return repeated(emit, site, share)
  }
]

/** n, how many elements every mean is taken over. */
function reducedCount(emit: Emitter, site: GradientSite): string {
  const {
    inputs: [x],
    outputs: [y]
  } = site
  const shape = emit.shape(x)
  const axes = reducedAxes(emit, site)
  const known = asNumber(product(axes.map((axis) => shape[axis])))
  if (known !== undefined) return emit.scalar(known, x)
  const lengths = emit.node('Gather', [emit.sizes(x), emit.integers(axes)])
  const count = emit.node('ReduceProd', [lengths], { keepdims: { int: 0 } })
  return emit.node('Cast', [count], { to: { int: emit.facts(y).elementType ?? 1 } })
}
