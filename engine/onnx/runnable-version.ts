/** The versions of ONNX that the onnxruntime of this program runs; a test asks it. */
import { AnchorageError } from '#engine/common/contract/errors.ts'
import { standardOpset } from './gradients/opset.ts'
import type { ModelProto } from './messages.ts'

/** The newest operator set of ONNX's own. */
export const newestOpset = 26

/** The newest version of the file format itself. */
export const newestFormat = 13n

/**
 * @param name what to call the model in errors
 * @throws AnchorageError `unsupported` for a model of a newer version
 */
export function requireRunnableVersion(model: ModelProto, name: string): void {
  const [opset, format] = [standardOpset(model), model.irVersion]
  if (opset <= newestOpset && format <= newestFormat) return
  throw new AnchorageError(
    'unsupported',
    'The model was exported for a newer version of ONNX than is run here.',
    {
      where: name,
      found: `operator set ${opset}, format ${format} (IR version)`,
      expected: `operator set ${newestOpset} or older, format ${newestFormat} or older`,
      next: 'Export the model again for an older operator set, such as --opset 20.'
    }
  )
}
