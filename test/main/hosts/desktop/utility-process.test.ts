/** The built engine as a utility process: calls and tensors over ports, device trials by the main process, its ends. */
import { once } from 'node:events'
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { pino } from 'pino'
import { afterEach, expect, it, onTestFinished } from 'vitest'
import { createEngineProcess, type EngineProcess } from '#main/engine-process/engine-process.ts'
import { describeExit, startUtilityEngine } from '#main/hosts/desktop/utility-process.ts'
import { startedProcesses } from '#test/support/electron/utility-process.ts'
import { referenceModelFolder } from '#test/support/reference-models.ts'

const program = fileURLToPath(new URL('../../../../out/engine.js', import.meta.url))

const log = pino({ level: 'silent' })

let engine: EngineProcess | undefined
afterEach(async () => {
  await engine?.stop()
  startedProcesses.length = 0
})

function start(from = program): EngineProcess {
  engine = createEngineProcess({ start: () => startUtilityEngine(from, log), log })
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
    search: { kind: 'exact', ridge: 0 },
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
    detail: { found: 'the process was ended by SIGKILL' }
  })
  const { processId } = await call('engine.info', {})
  expect(processId).toBe(startedProcesses[1].pid)
})

it('ends where it can’t be loaded, and says so, though no process ends by itself', async () => {
  const folder = await mkdtemp(resolve('node_modules/.cache/unloadable-engine-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  await cp(dirname(program), folder, { recursive: true })
  await writeFile(join(folder, 'part-handlers.js'), 'throw new Error("a library is missing")')
  const { call } = start(join(folder, 'engine.js'))
  await expect(call('engine.info', {})).rejects.toMatchObject({
    code: 'engine-died',
    detail: { found: 'the process exited with code 1' }
  })
})

it('is ended as soon as it is there, where that is asked for before', async () => {
  const { processId, kill, ended } = startUtilityEngine(program, log)
  expect(processId).toBeUndefined()
  kill()
  await ended
  expect(startedProcesses[0].pid).toBeUndefined()
})

it('tells how a process ended from the bare number of its exit', () => {
  const linux = [0, 1, 9, 11, 5, 15].map((code) => describeExit(code, 'linux'))
  expect(linux).toEqual([
    'the process ended unexpectedly',
    'the process exited with code 1',
    'the process was ended by SIGKILL',
    'the process was ended by SIGSEGV',
    'the process was ended by SIGTRAP',
    'the process was ended by SIGTERM'
  ])
  expect(describeExit(-1073741819, 'win32')).toBe('the process exited with code 0xC0000005')
  expect(describeExit(1, 'win32')).toBe('the process exited with code 1')
})

it('leaves when it is stopped, by itself', async () => {
  const { call, stop } = start()
  await call('engine.info', {})
  const [started] = startedProcesses
  const ended = once(started, 'exit')
  await stop()
  expect(await ended).toEqual([0])
})
