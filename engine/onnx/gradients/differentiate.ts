/**
 * Reverse-mode differentiation as a graph transformation: from a model and the name of its scalar loss to a
 * model that returns the loss and its gradients, run like any other on any device.
 */
import { AnchorageError } from '#engine/common/contract/errors.ts'
import { dataTypes } from '../build-messages.ts'
import { copyModel } from '../copy-model.ts'
import { expandFusions } from '../expansions/expand-fusions.ts'
import { continueGraph, type GraphBuilder } from '../graph-builder.ts'
import type { GraphProto, ModelProto, NodeProto } from '../messages.ts'
import type { ElementType } from '../tensor.ts'
import { checkDifferentiable, requireDifferentiable } from './check-differentiable.ts'
import { differentiablePath } from './differentiable-path.ts'
import { expandLike } from './emit-shapes.ts'
import { type Emitter, emitterFor } from './emitter.ts'
import { standardOpset } from './opset.ts'
import { pruneGraph } from './prune-graph.ts'
import { gradientRules } from './rules/table.ts'
import { settleBranches } from './settle-branches.ts'
import { inferShapes } from './shapes/infer-shapes.ts'

export type DifferentiationRequest = {
  /** Name of a tensor with one element. */
  readonly loss: string
  /** Graph inputs or initializers; these initializers become inputs. */
  readonly withRespectTo: readonly string[]
  /** What to call the model in errors; a file, for example. */
  readonly name?: string
}

export type Differentiated = {
  /** Outputs: the loss and the gradients. */
  readonly model: ModelProto
  /** The output that holds ∂loss/∂tensor, by tensor. */
  readonly gradients: Readonly<Record<string, string>>
}

function elementTypeOf(name: string, elementType: number | undefined): ElementType {
  const found = Object.entries(dataTypes).find(([, number]) => number === elementType)
  switch (found?.[0]) {
    case 'float32':
    case 'float64':
    case 'float16':
      return found[0]
    default:
      throw new AnchorageError('bad-argument', 'Gradients exist for floating-point tensors alone.', {
        where: `tensor ${name}`,
        found: found?.[0] ?? 'an unknown element type',
        expected: 'float32, float16 or float64'
      })
  }
}

/** Moves initializers that are differentiated by to the graph's inputs, so that each run is given them. */
function initializersToInputs(graph: GraphProto, builder: GraphBuilder, names: readonly string[]): void {
  const moved = graph.initializer.filter(({ name }) => names.includes(name))
  const declared = new Set(graph.input.map(({ name }) => name))
  graph.initializer = graph.initializer.filter((tensor) => !moved.includes(tensor))
  for (const { name, dataType, dims } of moved) {
    if (!declared.has(name)) builder.input(name, elementTypeOf(name, dataType), dims.map(Number))
  }
}

/** Goes back from the loss, node by node, and adds up what each use of a tensor contributes to its gradient. */
function accumulate(
  emit: Emitter,
  path: ReturnType<typeof differentiablePath>,
  loss: string
): ReadonlyMap<string, string> {
  const seed = expandLike(emit, emit.scalar(1, loss), loss)
  const gradients = new Map([[loss, seed]])
  for (const node of path.nodes.toReversed()) {
    const outputs = node.output.map((name) => gradients.get(name))
    const gradient = outputs.find((name) => name !== undefined)
    if (gradient === undefined) continue
    for (const [input, contribution] of contributions(emit, node, gradient, outputs, path.depends)) {
      const before = gradients.get(input)
      gradients.set(input, before === undefined ? contribution : emit.node('Add', [before, contribution]))
    }
  }
  return gradients
}

/** What one node adds to the gradients of its inputs. */
function contributions(
  emit: Emitter,
  node: NodeProto,
  gradient: string,
  gradients: (string | undefined)[],
  depends: (name: string) => boolean
): [string, string][] {
  const site = { node, inputs: node.input, outputs: [...node.output], gradient, gradients }
  const rule = gradientRules[node.opType](emit, site)
  return node.input.flatMap((name, index): [string, string][] => {
    const make = depends(name) ? rule[index] : undefined
    return make === undefined ? [] : [[name, make()]]
  })
}

/**
 * Builds the graph of a loss and its gradients.
 * @throws AnchorageError `unsupported` when an operator on the way has no gradient (all are listed),
 * `bad-argument` when the loss does not depend on a tensor of `withRespectTo`
 */
export function differentiate(model: ModelProto, request: DifferentiationRequest): Differentiated {
  const { loss, withRespectTo, name = 'the model' } = request
  requireDifferentiable(checkDifferentiable(model, request), name)
  const copy = copyModel(model)
  copy.graph.output = []
  settleBranches(copy)
  expandFusions(copy)
  const opset = standardOpset(model)
  const shapes = inferShapes(copy.graph, opset)
  const path = differentiablePath(copy.graph, shapes, loss, withRespectTo)
  const builder = continueGraph(copy)
  initializersToInputs(copy.graph, builder, withRespectTo)
  const emit = emitterFor(builder, shapes, opset)
  const gradients = accumulate(emit, path, loss)

  /** Declares an output that has the type and shape of the tensor `like`. */
  const returned = (tensor: string, like = tensor): string => {
    const sizes = emit.shape(like).map((size) => (typeof size === 'number' ? size : -1))
    return builder.output(tensor, elementTypeOf(tensor, emit.facts(like).elementType), sizes)
  }
  returned(loss)
  const outputs = withRespectTo.map((tensor): [string, string] => {
    const gradient = gradients.get(tensor)
    if (gradient === undefined) throw independent(loss, tensor, name)
    return [tensor, returned(builder.namedNode(`gradient:${tensor}`, 'Identity', [gradient]), tensor)]
  })
  pruneGraph(copy.graph)
  return { model: copy, gradients: Object.fromEntries(outputs) }
}

function independent(loss: string, tensor: string, name: string): AnchorageError {
  return new AnchorageError(
    'bad-argument',
    'The loss does not depend on a tensor that it is differentiated by.',
    {
      where: name,
      found: `no path of float operators from ${tensor} to ${loss}`,
      expected: 'a tensor that the loss is computed from',
      next: 'Check the names of the tensors; `anchorage graph inspect` shows those of a model.'
    }
  )
}
