/** What is known of a tensor before a run, and what an operator's rules get to see of its inputs. */

import type { NodeProto } from '#engine/onnx/messages.ts'
import { readInteger, readIntegers } from '#engine/onnx/read-messages.ts'
import { type Dimension, normaliseAxis, type Shape } from './dimensions.ts'

export type TensorFacts = {
  /** ONNX's number of the element type (see `dataTypes`), where known. */
  elementType?: number | undefined
  shape?: Shape | undefined
  /** The elements of a small tensor: constants, and sizes that shape arithmetic computes. */
  values?: readonly Dimension[] | undefined
}

export type NodeFacts = {
  node: NodeProto
  /** Version of ONNX's operator set. */
  opset: number
  /** One per input; undefined for an input that is not given or of which nothing is known. */
  inputs: readonly (TensorFacts | undefined)[]
}

export function isNumber(value: Dimension): value is number {
  return typeof value === 'number'
}

/** The numbers of a list in which nothing is left unknown. */
export function allNumbers(values: readonly Dimension[] | undefined): number[] | undefined {
  return values?.every(isNumber) ? values.filter(isNumber) : undefined
}

/**
 * The axes that a node names, counted from the front: by the attribute `axes` in older operator sets, by an
 * input in newer ones. Empty when it names none; undefined when they are only known at run time.
 */
export function namedAxes(facts: NodeFacts, input: number, rank: number): number[] | undefined {
  const given = facts.node.input[input]
    ? allNumbers(facts.inputs[input]?.values)
    : readIntegers(facts.node, 'axes')
  return given?.map((axis) => normaliseAxis(axis, rank))
}

/** The attribute `axis`, counted from the front. */
export function namedAxis(facts: NodeFacts, fallback: number, rank: number): number {
  return normaliseAxis(readInteger(facts.node, 'axis', fallback), rank)
}
