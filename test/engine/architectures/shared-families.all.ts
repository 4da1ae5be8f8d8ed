/** Graphs written from weights against PyTorch, on the larger set of models where it is beside the repository. */
import { existsSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { familyDifferences } from '#test/support/families.ts'

const folder = resolve(import.meta.dirname, '../../../../shared/families/models')
const names = existsSync(folder) ? readdirSync(folder).sort() : []

describe('graphs written from the weights of the larger set', () => {
  if (names.length === 0) it.skip(`there is no folder ${folder}`)

  it.each(names)('give PyTorch’s answers, loss and gradient for %s to 1e-4', async (name) => {
    const differences = await familyDifferences(join(folder, name))
    for (const [what, difference] of Object.entries(differences)) {
      expect(difference, what).toBeLessThan(1e-4)
    }
  })
})
