/** What stands in the way of gradients through a graph: every obstacle at once, and what to use instead. */
import { AnchorageError } from '#engine/common/contract/errors.ts'
import { copyModel } from '../copy-model.ts'
import { expandFusions } from '../expansions/expand-fusions.ts'
import { quantisedOperators } from '../graph-precision.ts'
import { operatorName, viewGraph } from '../graph-view.ts'
import type { ModelProto, NodeProto } from '../messages.ts'
import { type DifferentiablePath, differentiablePath } from './differentiable-path.ts'
import { standardOpset } from './opset.ts'
import { gradientRules, operatorsOfSeveralOutputs } from './rules/table.ts'
import { settleBranches } from './settle-branches.ts'
import { inferShapes, type ShapeTable } from './shapes/infer-shapes.ts'

export type GradientObstacle = {
  node: string
  /** With its domain where that is not ONNX's own. */
  operator: string
  reason: string
  /** The model file to use instead, or what else to do. */
  next: string
}

export type GradientCheck = {
  /** Operators on the way from the prompt to the loss, with how many nodes there are of each. */
  operators: Readonly<Record<string, number>>
  obstacles: readonly GradientObstacle[]
}

const plainExport = 'Use the plain float32 export of the model, usually onnx/model.onnx.'

const subgraphOperators: ReadonlySet<string> = new Set(['If', 'Loop', 'Scan'])

type Obstacle = Pick<GradientObstacle, 'reason' | 'next'>

/** Operators took their settings another way before this version of ONNX's operator set. */
const oldestOpset = 11

function tooOld(opset: number): GradientObstacle {
  return {
    node: '(every node)',
    operator: `operator set ${opset}`,
    reason: `gradients know the operators of operator set ${oldestOpset} and newer`,
    next: 'Export the model again with a newer operator set.'
  }
}

/** @param notExpanded why a fused operator was left as it is, where it was */
function operatorObstacle(node: NodeProto, notExpanded: string | undefined): Obstacle | undefined {
  const operator = operatorName(node)
  if (notExpanded !== undefined) return { reason: notExpanded, next: plainExport }
  if (quantisedOperators.has(operator)) {
    const reason = `${operator} works on quantised numbers: the model can be evaluated, but not tuned`
    return { reason, next: plainExport }
  }
  if (operator !== node.opType) {
    const reason = `${operator} is not one of ONNX's own operators, nor a fusion that is known here`
    return { reason, next: plainExport }
  }
  if (subgraphOperators.has(operator)) {
    const next =
      'Export the model without the merged decoder (model.onnx instead of decoder_model_merged.onnx).'
    return { reason: `${operator} runs a graph of its own`, next }
  }
  if (Object.hasOwn(gradientRules, operator)) return undefined
  return {
    reason: `${operator} has no gradient rule`,
    next: 'Use another export of the model, usually onnx/model.onnx.'
  }
}

/** What keeps the rule of an operator from this use of it. */
function useObstacle(node: NodeProto, path: DifferentiablePath): Obstacle | undefined {
  const [, ...further] = node.output
  if (!operatorsOfSeveralOutputs.has(node.opType) && further.some(path.reaches)) {
    const reason = `another output of ${node.opType} than the first leads to the logits`
    return { reason, next: 'Use another export of the model, usually onnx/model.onnx.' }
  }
  return undefined
}

/** The node from which on the number of axes is not known: the given one, or one before it, off the path too. */
function unknownRankSource(
  node: NodeProto,
  shapes: ShapeTable,
  producer: (name: string) => NodeProto | undefined
): NodeProto | undefined {
  const isUnknown = (name: string) => name !== '' && shapes.of(name)?.shape === undefined
  if (!isUnknown(node.output[0])) return undefined
  let source = node
  for (;;) {
    const unknown = source.input.find(isUnknown)
    const before = unknown === undefined ? undefined : producer(unknown)
    if (before === undefined) return source
    source = before
  }
}

function unknownRank({ opType }: NodeProto): Obstacle {
  return {
    reason: `how many axes the result of ${opType} has is only known at run time`,
    next: 'Run ONNX shape inference or a simplifier on the file, or export the model again.'
  }
}

/**
 * Looks at every node between `withRespectTo` and `loss` (the logits, or a loss).
 * @returns the operators there, fusions as what they stand for, and each node that a gradient cannot pass
 */
export function checkDifferentiable(
  model: ModelProto,
  { loss, withRespectTo }: { loss: string; withRespectTo: readonly string[] }
): GradientCheck {
  const expanded = copyModel(model)
  settleBranches(expanded)
  const notExpanded = expandFusions(expanded)
  const { graph } = expanded
  const opset = standardOpset(model)
  const shapes = inferShapes(graph, opset)
  const path = differentiablePath(graph, shapes, loss, withRespectTo)
  const { producer } = viewGraph(expanded)
  const operators: Record<string, number> = {}
  const found = new Map<NodeProto, Obstacle>()
  for (const node of path.nodes) {
    const operator = operatorName(node)
    operators[operator] = (operators[operator] ?? 0) + 1
    const obstacle = operatorObstacle(node, notExpanded.get(node)) ?? useObstacle(node, path)
    const source = unknownRankSource(node, shapes, producer)
    if (obstacle !== undefined) found.set(node, obstacle)
    else if (source !== undefined && !found.has(source)) found.set(source, unknownRank(source))
  }
  const obstacles = [...found].map(([node, obstacle]) => ({
    node: node.name || node.output[0],
    operator: operatorName(node),
    ...obstacle
  }))
  return { operators, obstacles: opset < oldestOpset ? [tooOld(opset), ...obstacles] : obstacles }
}

/**
 * @param name what to call the model in the error
 * @throws AnchorageError `unsupported` that lists the first obstacles, when there are any
 */
export function requireDifferentiable(check: GradientCheck, name: string): void {
  const [first] = check.obstacles
  if (first === undefined) return
  const listed = check.obstacles.slice(0, 5).map(({ node, reason }) => `node ${node}: ${reason}`)
  const more = check.obstacles.length > 5 ? `, and ${check.obstacles.length - 5} more` : ''
  throw new AnchorageError('unsupported', 'The model holds operators that gradients cannot pass.', {
    where: name,
    found: `${listed.join('; ')}${more}`,
    expected: 'float operators of ONNX itself between the word embeddings and the logits',
    next: first.next
  })
}
