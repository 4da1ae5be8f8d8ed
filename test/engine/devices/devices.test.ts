/** The choice of `auto`, with devices that are given by the test; and a real trial of the CPU. */
import { describe, expect, test } from 'vitest'
import { AnchorageError } from '#engine/common/contract/errors.ts'
import { type DeviceTrial, tryDevice } from '#engine/devices/device-trial.ts'
import { createDevices } from '#engine/devices/devices.ts'
import type { Provider } from '#engine/devices/session.ts'

const cpu: DeviceTrial = { seconds: 0.5, largestDifference: 0 }

/** Devices that measure as stated, or fail with the error stated, and how often each was tried. */
function devicesWith(outcomes: Partial<Record<Provider, DeviceTrial | Error>>) {
  const tries: string[] = []
  const candidates = (['cpu', 'webgpu', 'cuda'] as const).filter((name) => name in outcomes)
  const devices = createDevices((device) => {
    tries.push(device)
    const outcome = outcomes[device]
    return outcome instanceof Error || outcome === undefined
      ? Promise.reject(outcome)
      : Promise.resolve(outcome)
  }, candidates)
  return { devices, tries }
}

describe('auto', () => {
  test('takes the fastest device that agrees, measured once for calls at the same time and later', async () => {
    const { devices, tries } = devicesWith({ cpu, webgpu: { seconds: 0.1, largestDifference: 9e-6 } })
    expect(await Promise.all([devices.resolveDevice('auto'), devices.resolveDevice('auto')])).toEqual([
      'webgpu',
      'webgpu'
    ])
    expect(await devices.resolveDevice('auto')).toBe('webgpu')
    expect(tries).toEqual(['cpu', 'webgpu'])
  })

  test.each([
    ['disagrees', { seconds: 0.1, largestDifference: 1.1e-5 }, 'differs from the CPU by up to 1.1e-5'],
    ['answers with NaN', { seconds: 0.1, largestDifference: null }, 'no finite numbers'],
    ['fails', new AnchorageError('device-failed', 'x', { found: 'no adapter' }), 'Not used: no adapter']
  ])('leaves out a device that %s, and says why', async (_, outcome, note) => {
    const { devices } = devicesWith({ cpu, webgpu: outcome })
    const measurements = await devices.measure()
    expect(measurements).toMatchObject([
      { name: 'cpu', agrees: true, chosen: true },
      { name: 'webgpu', agrees: false, chosen: false, note: expect.stringContaining(note) }
    ])
    expect(await devices.resolveDevice('auto')).toBe('cpu')
  })

  test('keeps the CPU where it is the fastest', async () => {
    const { devices } = devicesWith({ cpu, webgpu: { seconds: 0.6, largestDifference: 0 } })
    expect(await devices.resolveDevice('auto')).toBe('cpu')
  })

  test('a new measurement replaces the choice', async () => {
    const outcomes: Partial<Record<Provider, DeviceTrial | Error>> = { cpu, cuda: new Error('no library') }
    const { devices } = devicesWith(outcomes)
    expect(await devices.resolveDevice('auto')).toBe('cpu')
    outcomes.cuda = { seconds: 0.01, largestDifference: 1e-7 }
    await devices.measure()
    expect(await devices.resolveDevice('auto')).toBe('cuda')
  })

  test('a cancelled measurement chooses nothing', async () => {
    const outcomes: Partial<Record<Provider, DeviceTrial | Error>> = { cpu: new Error('killed') }
    const { devices, tries } = devicesWith(outcomes)
    await expect(devices.measure(AbortSignal.abort())).rejects.toMatchObject({ code: 'cancelled' })
    outcomes.cpu = cpu
    expect(await devices.known()).toMatchObject([{ name: 'cpu', available: true, chosen: true }])
    expect(tries).toEqual(['cpu', 'cpu'])
  })
})

test('a device asked for by name is taken untried; an unknown name lists what there is', async () => {
  const { devices, tries } = devicesWith({ cpu })
  expect(await devices.resolveDevice('webgpu')).toBe('webgpu')
  expect(tries).toEqual([])
  await expect(devices.resolveDevice('gpu')).rejects.toMatchObject({
    code: 'bad-argument',
    detail: { found: 'gpu', expected: expect.stringContaining('auto, cpu') }
  })
})

test('the CPU runs the product and agrees with itself', async () => {
  const { seconds, largestDifference } = await tryDevice('cpu')
  expect(seconds).toBeGreaterThan(0)
  expect(largestDifference).toBe(0)
})
