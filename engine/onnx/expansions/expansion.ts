/**
 * What an expansion is: a fused operator written as the plain operators of ONNX that it stands for. A gradient
 * then needs no rule of its own for it. Formulas are those of onnxruntime's ContribOperators.md and of ONNX's
 * operator documents.
 *
 * In comments `B` is the batch, `S` the queries' length, `T` the keys', `N` the heads, `H` a head's width.
 */
import { AnchorageError } from '#engine/common/contract/errors.ts'
import type { Emitter } from '../gradients/emitter.ts'
import type { NodeProto } from '../messages.ts'

export type FusedSite = {
  readonly node: NodeProto
  /** Name of an input; undefined where an optional one is not given. */
  readonly optional: (index: number) => string | undefined
  /** @throws AnchorageError `unsupported` when the input is not given */
  readonly required: (index: number) => string
}

/**
 * Appends the plain nodes; answers with the value of each output, undefined for one that it does not compute.
 * @throws AnchorageError `unsupported` for a use of the operator that it does not cover
 */
export type Expansion = (emit: Emitter, site: FusedSite) => readonly (string | undefined)[]

export function notExpandable({ name, output, opType }: NodeProto, reason: string): AnchorageError {
  return new AnchorageError('unsupported', `${opType} ${reason}`, { where: `node ${name || output[0]}` })
}

export function fusedSite(node: NodeProto): FusedSite {
  const optional = (index: number): string | undefined => node.input[index] || undefined
  return {
    node,
    optional,
    required: (index) => {
      const name = optional(index)
      if (name === undefined) throw notExpandable(node, `lacks its input ${index}`)
      return name
    }
  }
}

/** @throws AnchorageError `unsupported` when one of the inputs is given */
export function refuseInputs(site: FusedSite, inputs: Readonly<Record<number, string>>): void {
  for (const [index, meaning] of Object.entries(inputs)) {
    if (site.optional(Number(index)) !== undefined) throw notExpandable(site.node, `is given ${meaning}`)
  }
}
