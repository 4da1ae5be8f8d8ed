import { join } from 'node:path'
import { expect, it } from 'vitest'
import { memoryOf, requireMemory } from '#engine/models/graph-memory.ts'
import { readModelFile } from '#engine/onnx/model-file.ts'
import { referenceModelFolder } from '#test/support/reference-models.ts'

const path = join(referenceModelFolder('bert'), 'onnx/model.onnx')

it('refuses a graph whose weights are larger than what is free, and says how large', async () => {
  const { model } = await readModelFile(path)
  expect(memoryOf(model)).toMatch(/less than 0\.1 GB/)
  expect(() => requireMemory(model, path)).not.toThrow()
  expect(() => requireMemory(model, path, 1000)).toThrow('more memory than is free')
  // Weights of 7 billion float32 values, of which nothing is read.
  const [first] = model.graph.initializer
  const large = { ...first, dims: [7_000n, 1_000_000n] }
  const graph = { ...model.graph, initializer: [large] }
  expect(memoryOf({ ...model, graph })).toBe('a query takes about 28.0 GB of memory')
  expect(() => requireMemory({ ...model, graph }, path, 27e9)).toThrow('more memory than is free')
  expect(() => requireMemory({ ...model, graph }, path, 29e9)).not.toThrow()
})
