import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openSession } from '#engine/devices/session.ts'
import { buildLanguageModel } from '#engine/onnx/language-models/build-language-model.ts'
import type { LanguageModelFamily } from '#engine/onnx/language-models/language-model-shape.ts'
import { largestDifference, readReference, referenceTensor } from '#test/support/safetensors.ts'

const fixtures = resolve(import.meta.dirname, '../../../fixtures/language-models')

function integers(values: Float32Array, dims: readonly number[]) {
  return { type: 'int64', dims, data: BigInt64Array.from(values, (value) => BigInt(value)) } as const
}

describe('buildLanguageModel', () => {
  it.each<[LanguageModelFamily, number]>([
    ['bert', 12],
    ['roberta', 12],
    ['albert', 8],
    ['gpt2', 12]
  ])('%s gives the logits of PyTorch to 1e-5 with the same weights', async (family, embedding) => {
    const reference = await readReference(resolve(fixtures, `${family}.safetensors`))
    const used = new Set<string>()
    const shape = { family, vocabulary: 20, embedding, hidden: 12, inner: 48, layers: 2, heads: 3 }
    const positions = family === 'gpt2' ? 16 : 18
    const graph = buildLanguageModel({ ...shape, positions }, (name, dims) => {
      used.add(`weight:${name}`)
      const weight = referenceTensor(reference, `weight:${name}`)
      expect(weight.shape, name).toEqual(dims)
      return weight.values
    })
    expect([...used].sort()).toEqual(
      [...reference.keys()].filter((name) => name.startsWith('weight:')).sort()
    )

    const session = await openSession(graph.build(), { device: 'cpu' })
    const feeds = Object.fromEntries(
      session.inputNames.map((name) => [name, integers(referenceTensor(reference, name).values, [3, 7])])
    )
    const { logits } = await session.run(feeds)
    await session.release()
    const expected = referenceTensor(reference, 'logits')
    expect(logits.dims).toEqual(expected.shape)
    if (logits.type !== 'float32') throw new Error(`logits are ${logits.type}`)
    expect(largestDifference(logits.data, expected.values)).toBeLessThan(1e-5)
  })
})
