/** Inferred shapes against those of a run: every number must be met, and one name must be one size. */
import { expect, test } from 'vitest'
import { openSession } from '#engine/devices/session.ts'
import { copyModel } from '#engine/onnx/copy-model.ts'
import { inferShapes } from '#engine/onnx/gradients/shapes/infer-shapes.ts'
import { viewGraph } from '#engine/onnx/graph-view.ts'
import { encodeModel } from '#engine/onnx/model-proto.ts'
import { readReferenceModel } from '#engine/verify/reference-model.ts'
import { referenceFamilies, referenceModelFolder } from '#test/support/reference-models.ts'

test.each(referenceFamilies)(
  'every tensor of %s has the shape and type that were inferred',
  async (family) => {
    const { prompted, feeds } = await readReferenceModel(referenceModelFolder(family))
    const model = copyModel(prompted.model)
    const shapes = inferShapes(model.graph, viewGraph(model).opset() ?? 0)
    const names = model.graph.node.flatMap(({ output }) => output)
    model.graph.output = names.map((name) => ({
      name,
      type: { tensorType: { elemType: shapes.of(name)?.elementType ?? 0 } }
    }))
    const session = await openSession(encodeModel(model), {
      device: 'cpu',
      externalDataFolder: prompted.folder
    })
    const needed = session.inputNames.map((name) => [name, feeds[name]])
    const answer = await session.run(Object.fromEntries(needed))
    await session.release()

    const sizes = new Map<string, number>()
    for (const name of names) {
      const { shape, values } = shapes.of(name) ?? {}
      const { dims, data } = answer[name]
      expect(shape, name).toHaveLength(dims.length)
      const pairs = [...(shape ?? []).map((size, axis) => [size, dims[axis]] as const)]
      for (const [index, value] of (values ?? []).entries()) pairs.push([value, Number(data[index])])
      for (const [inferred, actual] of pairs) {
        if (typeof inferred === 'string') sizes.set(inferred, sizes.get(inferred) ?? actual)
        expect(typeof inferred === 'string' ? sizes.get(inferred) : inferred, name).toBe(actual)
      }
    }
    expect(sizes.get('batch_size')).toBe(4)
    expect(sizes.get('sequence_length')).toBe(11)
    expect([...sizes.keys()].filter((name) => name.includes('['))).toEqual([])
  }
)
