/** Devices tried in processes of their own by the built engine, and programs that die or hang meanwhile. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pino from 'pino'
import { afterAll, describe, expect, test, vi } from 'vitest'
import type { DeviceMeasurement } from '#engine/common/contract/engine-methods.ts'
import { trialsInChildProcesses } from '#engine/devices/device-trials.ts'
import { createEngineProcess } from '#main/engine-process/engine-process.ts'
import { forkEngine } from '#main/engine-process/fork-engine.ts'

const program = fileURLToPath(new URL('../../../out/engine.js', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'anchorage-device-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** A program that does as stated in place of trying a device. */
function programThat(name: string, code: string): string {
  const path = join(folder, `${name}.cjs`)
  writeFileSync(path, code)
  return path
}

describe('a trial', () => {
  test('of the CPU succeeds', async () => {
    expect(await trialsInChildProcesses(program)('cpu')).toMatchObject({ largestDifference: 0 })
  })

  test('of a provider that this machine lacks says what onnxruntime said', async () => {
    const missing = process.platform === 'win32' ? 'coreml' : 'dml'
    await expect(trialsInChildProcesses(program)(missing)).rejects.toMatchObject({
      code: 'device-failed',
      detail: { where: `device ${missing}` }
    })
  })

  test.skipIf(process.platform === 'win32')(
    'whose process crashes natively is a failure of the device',
    async () => {
      const crash = programThat('crash', "process.on('message', () => process.kill(process.pid, 'SIGSEGV'))")
      await expect(trialsInChildProcesses(crash)('webgpu')).rejects.toMatchObject({
        code: 'device-failed',
        detail: { found: expect.stringContaining('SIGSEGV') }
      })
    }
  )

  test('that hangs ends when it is cancelled', async () => {
    const hang = programThat('hang', "process.on('message', () => { for (;;); })")
    const trial = trialsInChildProcesses(hang)('webgpu', AbortSignal.timeout(500))
    await expect(trial).rejects.toMatchObject({ code: 'cancelled' })
  })
})

/** Measures the devices in an engine; `environment` is set while it starts. */
async function measure(environment: Record<string, string> = {}): Promise<DeviceMeasurement[]> {
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value)
  const log = pino({ enabled: false })
  const engine = createEngineProcess({ start: () => forkEngine(program, log), log })
  try {
    return await engine.call('devices.measure', {})
  } finally {
    vi.unstubAllEnvs()
    await engine.stop()
  }
}

describe('the engine', () => {
  test('measures every provider, chooses one that agrees, and is none the worse for those that fail', async () => {
    const measured = await measure()
    expect(measured[0]).toMatchObject({ name: 'cpu', available: true, agrees: true })
    expect(measured.filter(({ chosen }) => chosen)).toHaveLength(1)
    for (const { available, agrees, chosen, note } of measured) {
      if (chosen) expect(agrees).toBe(true)
      if (!available) expect(note).toMatch(/^Not used: ./)
    }
  })

  const chromium = '/usr/lib/chromium'
  const emulated = existsSync(join(chromium, 'vk_swiftshader_icd.json'))
  if (!emulated) process.stderr.write(`webgpu is not tried: no software Vulkan in ${chromium}\n`)

  test.skipIf(!emulated)('measures webgpu on a software Vulkan and finds that it agrees', async () => {
    const measured = await measure({
      LD_LIBRARY_PATH: chromium,
      VK_ICD_FILENAMES: join(chromium, 'vk_swiftshader_icd.json')
    })
    const webgpu = measured.find(({ name }) => name === 'webgpu')
    expect(webgpu).toMatchObject({ available: true, agrees: true })
    expect(webgpu?.largestDifference).toBeLessThan(1e-6)
  })
})
