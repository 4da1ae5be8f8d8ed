import { cp, readFile, realpath, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { inspectGraph } from '#engine/language-model/inspect-graph.ts'
import { continueGraph } from '#engine/onnx/graph-builder.ts'
import { insertNodes } from '#engine/onnx/insert-nodes.ts'
import { decodeModel, encodeModel } from '#engine/onnx/model-proto.ts'
import { homeWithModels } from '#test/support/model-places.ts'
import { referenceFamilies, referenceModelFolder } from '#test/support/reference-models.ts'
import { temporaryFolder } from '#test/support/temporary-folder.ts'

test.each(referenceFamilies)('prompts and gradients pass the graph of %s', async (family) => {
  const report = await inspectGraph({ folder: referenceModelFolder(family) })
  expect(report.obstacles).toEqual([])
  expect(report.operators['MatMul']).toBeGreaterThan(0)
  expect(report.answers.isRestricted).toBe(true)
  expect(report.graft).toMatchObject({ table: 'word.weight', idsInput: 'input_ids' })
})

test('the graph of a model of the Hugging Face cache is that of its snapshot', async () => {
  const { hub } = await homeWithModels()
  const folder = join(hub, 'models--someone--tiny')
  const report = await inspectGraph({ folder })
  expect(report.obstacles).toEqual([])
  expect(report.file).toBe(await realpath(join(folder, 'snapshots', '0123abc', 'onnx', 'model.onnx')))
})

test('an obstacle that only writing the gradient out meets is found when the model is inspected', async () => {
  const folder = await temporaryFolder()
  await cp(referenceModelFolder('bert'), folder, { recursive: true })
  const path = join(folder, 'onnx', 'model.onnx')
  const model = decodeModel(await readFile(path), path)
  const graph = continueGraph(model)
  const head = model.graph.node.findLast(({ opType }) => opType === 'MatMul')
  if (head === undefined) throw new Error('no product')
  head.input[0] = insertNodes(graph, 'before', head, () => {
    const whole = (name: string, value: number) =>
      graph.initializer(name, 'int64', [1], BigInt64Array.of(BigInt(value)))
    // The last axis, as a number that only a run knows.
    const ids = graph.node('Reshape', ['input_ids', whole('flat', -1)])
    const axis = graph.node('Sub', [graph.node('ArgMax', [graph.node('Sub', [ids, ids])]), whole('one', 1)])
    return graph.node('Slice', [head.input[0], whole('start', 0), whole('end', 2 ** 31), axis])
  })
  await writeFile(path, encodeModel(model))
  const { obstacles } = await inspectGraph({ folder })
  expect(obstacles).toMatchObject([
    { operator: 'gradient', reason: expect.stringContaining('axes of a slice are only known at run time') }
  ])
})
