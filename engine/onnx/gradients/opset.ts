/** The version of ONNX's own operator set that a model was written for. */
import { AnchorageError } from '#engine/common/contract/errors.ts'
import type { ModelProto } from '../messages.ts'

/** @throws AnchorageError `file-malformed` when the model names no version */
export function standardOpset({ opsetImport }: ModelProto): number {
  const own = opsetImport.find(({ domain }) => domain === '' || domain === 'ai.onnx')
  if (own === undefined) {
    throw new AnchorageError(
      'file-malformed',
      'The model does not say which operator set it was written for.',
      {
        found: `operator sets of ${opsetImport.map(({ domain }) => domain).join(', ') || 'no domain'}`,
        expected: "an entry for ONNX's own domain",
        next: 'Export the model again.'
      }
    )
  }
  return Number(own.version)
}
