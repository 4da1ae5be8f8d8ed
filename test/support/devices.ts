/** Runs one test body on every device that this machine has; the others are skipped with the reason. */
import { describe } from 'vitest'
import { tryDevice } from '#engine/devices/device-trial.ts'
import type { Provider } from '#engine/devices/session.ts'

async function whyNot(device: Provider): Promise<string | null> {
  if (device === 'cpu') return null
  // The software renderers that some machines have are found by this variable; without one or a real device
  // the provider may take the process down, so it is not even tried.
  if (process.env['VK_ICD_FILENAMES'] === undefined && process.env['ANCHORAGE_TEST_WEBGPU'] === undefined)
    return 'set VK_ICD_FILENAMES or ANCHORAGE_TEST_WEBGPU to try it'
  try {
    await tryDevice(device)
    return null
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

export async function describeOnDevices(name: string, body: (device: Provider) => void): Promise<void> {
  for (const device of ['cpu', 'webgpu'] as const) {
    const reason = await whyNot(device)
    if (reason === null) describe(`${name} on ${device}`, () => body(device))
    else describe.skip(`${name} on ${device} (skipped: ${reason})`, () => body(device))
  }
}
