/** Graphs written from weights against PyTorch, one small model per family (`make_architectures.py`). */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { architectures } from '#engine/architectures/table.ts'
import { architectureFixtures, familyDifferences } from '#test/support/families.ts'

const names = readdirSync(architectureFixtures, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)

describe('graphs written from weights', () => {
  it('are checked for every family', () => {
    expect(Object.keys(architectures).filter((family) => !names.includes(family))).toEqual([])
  })

  it.each(names)('give PyTorch’s answers, loss and gradient for %s to 1e-4', async (name) => {
    const differences = await familyDifferences(join(architectureFixtures, name))
    for (const [what, difference] of Object.entries(differences)) {
      expect(difference, what).toBeLessThan(1e-4)
    }
  })
})
