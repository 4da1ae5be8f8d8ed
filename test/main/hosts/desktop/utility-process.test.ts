/** The built engine as a utility process: calls and tensors over ports, device trials by the main process, its ends. */
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { pino } from 'pino'
import { afterEach, expect, it } from 'vitest'
import { createEngineProcess, type EngineProcess } from '#main/engine-process/engine-process.ts'
import { startUtilityEngine } from '#main/hosts/desktop/utility-process.ts'
import { startedProcesses } from '#test/support/electron/utility-process.ts'
import { referenceModelFolder } from '#test/support/reference-models.ts'

const program = fileURLToPath(new URL('../../../../out/engine.js', import.meta.url))

let engine: EngineProcess | undefined
afterEach(async () => {
  await engine?.stop()
  startedProcesses.length = 0
})

function start(): EngineProcess {
  const log = pino({ level: 'silent' })
  engine = createEngineProcess({ start: () => startUtilityEngine(program, log), log })
  return engine
}

it('answers calls, with typed arrays as they are', async () => {
  const { call } = start()
  const { processId } = await call('engine.info', {})
  const [started] = startedProcesses
  expect(processId).toBe(started.pid)
  expect(started).toMatchObject({
    program,
    options: [],
    settings: { stdio: 'pipe', serviceName: 'Anchorage engine' }
  })
  const reference = { folder: referenceModelFolder('bert') }
  const { width } = await call('models.inspect', reference)
  const { anchors } = await call('anchors.build', { name: 'a', models: [reference], recipe: {} })
  const data = Float32Array.from({ length: 2 * width }, (_, i) => Math.sin(i + 1))
  const { prompt: vectors } = await call('transfer.run', {
    sources: [{ model: reference, prompt: { rows: 2, columns: width, data }, weight: 1 }],
    target: reference,
    anchors,
    mask: { kind: 'all' },
    solver: { kind: 'exact', ridge: 0 },
    rescale: 'none'
  })
  // Carried to its own model by all anchors, a prompt points where it did: the code of the optimum is its own.
  expect(vectors.data).toBeInstanceOf(Float32Array)
  for (const row of [0, 1]) {
    const [found, given] = [vectors.data, data].map((all) => all.subarray(row * width, (row + 1) * width))
    const product = found.reduce((sum, value, i) => sum + value * given[i], 0)
    expect(product / (Math.hypot(...found) * Math.hypot(...given))).toBeGreaterThan(0.9999)
  }
})

it('has its devices tried in processes of their own, which the main process starts and ends', async () => {
  const { call } = start()
  const measured = await call('devices.measure', {})
  expect(measured.find(({ name }) => name === 'cpu')).toMatchObject({ agrees: true, largestDifference: 0 })
  const [, ...trials] = startedProcesses
  expect(trials).toHaveLength(measured.length)
  for (const trial of trials) {
    expect(trial).toMatchObject({ program, options: ['--device-trial'] })
    if (trial.pid !== undefined) await once(trial, 'exit')
  }
})

it('is started anew after a crash, whose call is told how it ended', async () => {
  const { call } = start()
  await call('engine.info', {})
  const [first] = startedProcesses
  const pending = call('devices.measure', {})
  process.kill(first.pid ?? 0, 'SIGKILL')
  await expect(pending).rejects.toMatchObject({
    code: 'engine-died',
    detail: { found: 'the process exited with code 1' }
  })
  const { processId } = await call('engine.info', {})
  expect(processId).toBe(startedProcesses[1].pid)
})

it('leaves when it is stopped, by itself', async () => {
  const { call, stop } = start()
  await call('engine.info', {})
  const [started] = startedProcesses
  const ended = once(started, 'exit')
  await stop()
  expect(await ended).toEqual([0])
})
