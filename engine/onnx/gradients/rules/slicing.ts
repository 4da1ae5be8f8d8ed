/** The gradient of slices: g is put back where it was cut out. */
import { AnchorageError } from '#engine/common/contract/errors.ts'
import type { NodeProto } from '#engine/onnx/messages.ts'
import { joinSizes, sizeOf, sizesBetween } from '../emit-sizes.ts'
import { asNumber, type Emitter } from '../emitter.ts'
import { normaliseAxis } from '../shapes/dimensions.ts'
import { allNumbers } from '../shapes/tensor-facts.ts'
import type { GradientRule, GradientSite } from './rule.ts'
import { scatterRows } from './scatter.ts'

type SliceBound = {
  axis: number
  start: string
  end: string
  step: string
  isStepped: boolean
  from?: number | undefined
}

function unknownAxes({ name }: NodeProto): AnchorageError {
  return new AnchorageError('unsupported', 'The axes of a slice are only known at run time.', {
    where: `node ${name}, operator Slice`,
    found: 'axes that the graph computes',
    expected: 'axes that are constants',
    next: 'Simplify the graph (constant folding) or export it again.'
  })
}

/** The slice of each axis that a node names: bounds as int64 `[1]`, the start as a number where known. */
function sliceBounds(
  emit: Emitter,
  { node, inputs: [x, starts, ends, axes, steps] }: GradientSite
): SliceBound[] {
  const rank = emit.shape(x).length
  const count = asNumber(emit.shape(starts)[0])
  const inOrder = Array.from({ length: count ?? 0 }, (_, axis) => axis)
  const named = axes ? allNumbers(emit.facts(axes).values) : inOrder
  if (count === undefined || named === undefined) throw unknownAxes(node)
  const element = (list: string, index: number): string => {
    const known = emit.facts(list).values?.[index]
    return typeof known === 'number'
      ? emit.integers([known])
      : emit.node('Gather', [list, emit.integers([index])])
  }
  return named.map((axis, index) => {
    const from = emit.facts(starts).values?.[index]
    return {
      axis: normaliseAxis(axis, rank),
      start: element(starts, index),
      end: element(ends, index),
      step: steps ? element(steps, index) : emit.integers([1]),
      isStepped: Boolean(steps) && emit.facts(steps).values?.[index] !== 1,
      from: typeof from === 'number' ? from : undefined
    }
  })
}

/**
 * y = x[start:end:step]: d_x is zero but for g where y was taken from. A run of neighbours (step 1) is padded
 * with zeros on both sides; elements at other steps are put back one by one.
 */
export const slicing: GradientRule = (emit, site) => [
  () => {
    const [x] = site.inputs
    const bounds = sliceBounds(emit, site)
    const scattered = bounds
      .filter(({ isStepped }) => isStepped)
      .reduce((gradient, bound) => scatterSlice(emit, gradient, bound, x), site.gradient)
    const runs = bounds.filter(({ isStepped }) => !isStepped)
    return padLike(emit, scattered, runs, x)
  }
]

/** Puts the elements of a stepped slice back along its axis: their places are the same slice of 0, 1, 2, … */
function scatterSlice(
  emit: Emitter,
  gradient: string,
  { axis, start, end, step }: SliceBound,
  x: string
): string {
  const all = emit.node('Range', [emit.integer(0), sizeOf(emit, x, axis), emit.integer(1)])
  const rows = emit.node('Slice', [all, start, end, emit.integers([0]), step])
  return scatterRows(emit, gradient, rows, axis, x)
}

/** `gradient` with zeros around it, where `runs` were cut out of `x`. */
function padLike(emit: Emitter, gradient: string, runs: readonly SliceBound[], x: string): string {
  const [to, from] = [emit.shape(x), emit.shape(gradient)]
  if (to.every((size, axis) => size === from[axis])) return gradient
  const before = to.map((_, axis) => {
    const run = runs.find((candidate) => candidate.axis === axis)
    if (run === undefined) return emit.integers([0])
    const isFromFront = run.from !== undefined && run.from >= 0
    return isFromFront ? run.start : placeFromFront(emit, run, x)
  })
  const begin = joinSizes(emit, before)
  const rest = emit.node('Sub', [emit.node('Sub', [emit.sizes(x), emit.sizes(gradient)]), begin])
  const pads = emit.node('Concat', [begin, rest], { axis: { int: 0 } })
  return emit.noteShape(emit.node('Pad', [gradient, pads]), to)
}

/** A start that may count from the end, as a place from the front; one before the front is the front. */
function placeFromFront(emit: Emitter, { axis, start }: SliceBound, x: string): string {
  const zero = emit.integers([0])
  const isNegative = emit.node('Less', [start, zero])
  const wrapped = emit.node('Where', [
    isNegative,
    emit.node('Add', [start, sizesBetween(emit, x, axis, axis + 1)]),
    start
  ])
  return emit.node('Where', [emit.node('Less', [wrapped, zero]), zero, wrapped])
}
