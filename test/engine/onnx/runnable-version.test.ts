import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openSession } from '#engine/devices/session.ts'
import { graphBuilder } from '#engine/onnx/graph-builder.ts'
import type { ModelProto } from '#engine/onnx/messages.ts'
import { decodeModel, encodeModel } from '#engine/onnx/model-proto.ts'
import { readPromptedModel } from '#engine/onnx/prompted-model.ts'
import { newestFormat, newestOpset } from '#engine/onnx/runnable-version.ts'
import { referenceModelFolder } from '#test/support/reference-models.ts'
import { temporaryFolder } from '#test/support/temporary-folder.ts'

/** Opens a graph of one operator in onnxruntime. */
async function runs(opset: number, format: bigint): Promise<boolean> {
  const graph = graphBuilder({ opset })
  graph.output(graph.node('Neg', [graph.input('x', 'float32', ['n'])]), 'float32', ['n'])
  graph.model.irVersion = format
  try {
    const session = await openSession(graph.build(), { device: 'cpu' })
    await session.release()
    return true
  } catch {
    return false
  }
}

test('the newest versions that are named here are the newest that onnxruntime runs', async () => {
  expect(await runs(newestOpset, newestFormat)).toBe(true)
  expect(await runs(newestOpset + 1, newestFormat)).toBe(false)
  expect(await runs(newestOpset, newestFormat + 1n)).toBe(false)
})

test.each<[string, (model: ModelProto) => void]>([
  ['operator set 27', ({ opsetImport }) => Object.assign(opsetImport[0], { version: 27n })],
  ['format 14', (model) => Object.assign(model, { irVersion: 14n })]
])('a model of %s is refused, with the versions that run', async (found, change) => {
  const source = join(referenceModelFolder('bert'), 'onnx', 'model.onnx')
  const model = decodeModel(await readFile(source), source)
  change(model)
  const path = join(await temporaryFolder(), 'model.onnx')
  await writeFile(path, encodeModel(model))
  await expect(readPromptedModel(path)).rejects.toMatchObject({
    code: 'unsupported',
    detail: {
      where: path,
      found: expect.stringContaining(found),
      expected: expect.stringContaining('operator set 26 or older'),
      next: expect.stringContaining('--opset')
    }
  })
})
