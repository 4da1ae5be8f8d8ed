/** Systems that the workbench can't run on, because what it computes with is not made for them. */

/** Why nothing can be computed here, or null. onnxruntime is no longer built for Macs with processors of Intel. */
export function unsupportedSystem(
  platform: NodeJS.Platform = process.platform,
  architecture: string = process.arch
): string | null {
  if (platform !== 'darwin' || architecture === 'arm64') return null
  return (
    'Anchorage needs a Mac with Apple silicon: onnxruntime, which it computes with, is not made for Intel’s processors.\n' +
    'On one with Apple silicon, install a Node.js for arm64.'
  )
}
