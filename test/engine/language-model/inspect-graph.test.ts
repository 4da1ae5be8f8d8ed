import { expect, test } from 'vitest'
import { inspectGraph } from '#engine/language-model/inspect-graph.ts'
import { referenceFamilies, referenceModelFolder } from '#test/support/reference-models.ts'

test.each(referenceFamilies)('prompts and gradients pass the graph of %s', async (family) => {
  const report = await inspectGraph({ folder: referenceModelFolder(family) })
  expect(report.obstacles).toEqual([])
  expect(report.operators['MatMul']).toBeGreaterThan(0)
  expect(report.answers.isRestricted).toBe(true)
  expect(report.graft).toMatchObject({ table: 'word.weight', idsInput: 'input_ids' })
})
