import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { openSession } from '#engine/devices/session.ts'
import { graphBuilder } from '#engine/onnx/graph-builder.ts'
import { float32 } from '#test/support/reference-runs.ts'
import { temporaryFolder } from '#test/support/temporary-folder.ts'

function doubling(): Uint8Array {
  const graph = graphBuilder({ opset: 17 })
  const x = graph.input('x', 'float32', ['n'])
  graph.output(graph.namedNode('twice', 'Add', [x, x]), 'float32', ['n'])
  graph.output(graph.namedNode('minus', 'Neg', [x]), 'float32', ['n'])
  return graph.build()
}

describe('openSession', () => {
  it('runs a model from memory and from a file, for all outputs or those asked for', async () => {
    const path = join(await temporaryFolder(), 'model.onnx')
    await writeFile(path, doubling())
    for (const model of [doubling(), path]) {
      const session = await openSession(model, { device: 'cpu', threads: 1, graphOptimization: 'disabled' })
      expect([session.inputNames, session.outputNames]).toEqual([['x'], ['twice', 'minus']])
      const x = float32([2], [1, -3])
      expect(await session.run({ x })).toEqual({ twice: float32([2], [2, -6]), minus: float32([2], [-1, 3]) })
      expect(await session.run({ x }, ['minus'])).toEqual({ minus: float32([2], [-1, 3]) })
      await session.release()
    }
  })

  it.skipIf(process.platform !== 'linux')('takes as many threads as the environment says', async () => {
    onTestFinished(() => void vi.unstubAllEnvs())
    const threads = async () => (await readdir('/proc/self/task')).length
    const sessions = [await openSession(doubling(), { device: 'cpu' })]
    for (const [asked, more] of [
      ['1', 0],
      ['4', 3]
    ] as const) {
      vi.stubEnv('ANCHORAGE_THREADS', asked)
      const before = await threads()
      sessions.push(await openSession(doubling(), { device: 'cpu' }))
      expect({ asked, more: (await threads()) - before }).toEqual({ asked, more })
    }
    for (const session of sessions) await session.release()
  })

  it('says what onnxruntime says, and where', async () => {
    await expect(openSession(Uint8Array.of(1, 2, 3), { device: 'cpu' })).rejects.toMatchObject({
      code: 'device-failed',
      detail: { where: 'device cpu', found: expect.stringContaining('protobuf') }
    })
    const session = await openSession(doubling(), { device: 'cpu' })
    await expect(session.run({})).rejects.toMatchObject({
      code: 'device-failed',
      detail: { found: expect.stringContaining("'x' is missing") }
    })
    await session.release()
  })

  it('refuses a device that this build does not have, and suggests one that it has', async () => {
    const absent = process.platform === 'win32' ? 'coreml' : 'dml'
    await expect(openSession(doubling(), { device: absent })).rejects.toMatchObject({
      code: 'device-failed',
      detail: { where: `device ${absent}`, next: expect.stringContaining('cpu') }
    })
  })

  it('names an output of a kind that is not read', async () => {
    const graph = graphBuilder({ opset: 17 })
    const x = graph.input('x', 'float32', ['n'])
    graph.output(graph.namedNode('text', 'Cast', [x], { to: { int: 8 } }), 'float32', ['n'])
    const info = graph.model.graph.output[0].type?.tensorType
    if (info) info.elemType = 8
    const session = await openSession(graph.build(), { device: 'cpu' })
    await expect(session.run({ x: float32([1], [1]) })).rejects.toMatchObject({
      code: 'unsupported',
      detail: { where: 'output text', found: 'string' }
    })
    await session.release()
  })
})
