/** Graphs written from weights against PyTorch, on the larger set of models where it is beside the repository. */
import { existsSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { architectures } from '#engine/architectures/table.ts'
import { readModelConfig } from '#engine/models/model-config.ts'
import { familyDifferences, openFamily } from '#test/support/families.ts'

const folder = resolve(import.meta.dirname, '../../../../shared/families/models')
const names = existsSync(folder) ? readdirSync(folder).sort() : []
const families = await Promise.all(names.map((name) => readModelConfig(join(folder, name))))
const isWritten = (_: string, index: number) => Object.hasOwn(architectures, families[index].family)

describe('graphs written from the weights of the larger set', () => {
  if (names.length === 0) it.skip(`there is no folder ${folder}`)

  it.each(names.filter(isWritten))(
    'give PyTorch’s answers, loss and gradient for %s to 1e-4',
    async (name) => {
      const differences = await familyDifferences(join(folder, name))
      for (const [what, difference] of Object.entries(differences)) {
        expect(difference, what).toBeLessThan(1e-4)
      }
    }
  )

  it.each(names.filter((name, index) => !isWritten(name, index)))(
    'are refused by the name of the family for %s',
    async (name) => {
      const { family } = await readModelConfig(join(folder, name))
      await expect(openFamily(join(folder, name))).rejects.toMatchObject({
        code: 'unsupported',
        detail: { found: family }
      })
    }
  )
})
