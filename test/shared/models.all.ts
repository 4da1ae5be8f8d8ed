/** Every model that lies beside the project, against PyTorch's numbers. */
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { ModelCheck } from '#engine/common/contract/verify.ts'
import { anchorage } from '#test/support/command-line.ts'
import { sharedFolder } from '#test/support/shared-data.ts'

type CheckedModel = ModelCheck & { readonly folder: string; readonly isExpected: boolean }

const minutes = 60_000

/** What `anchorage verify --json` says of each model of a folder. */
async function verify(name: string): Promise<CheckedModel[]> {
  const expected = resolve(import.meta.dirname, `../fixtures/expected/${name}.txt`)
  const { out } = await anchorage(['--json', 'verify', resolve(sharedFolder, name), '--expect', expected])
  return JSON.parse(out).models
}

describe.each([
  ['exports', 74],
  ['families', 40]
])('the %s', (name, count) => {
  const folder = resolve(sharedFolder, name)
  if (!existsSync(folder)) {
    test.skip(`are right (skipped: ${folder} is not there)`, () => {})
    return
  }
  test(
    'are right or refused for a reason, none differs or fails',
    async () => {
      const models = await verify(name)
      expect(models).toHaveLength(count)
      const wrong = models.filter(
        ({ verdict, isExpected }) => !isExpected && (verdict === 'differs' || verdict === 'failed')
      )
      expect(wrong.map((model) => [model.folder, model.parts])).toEqual([])
    },
    20 * minutes
  )
})

describe('the reference data', () => {
  const folder = resolve(sharedFolder, 'reference/data')
  if (!existsSync(folder)) {
    test.skip(`agree (skipped: ${folder} is not there)`, () => {})
    return
  }
  test('agree in all of 40 comparisons of the method and 20 of models', async () => {
    const { code, out } = await anchorage(['--json', 'verify', folder])
    expect(code).toBe(0)
    expect(JSON.parse(out)).toHaveLength(60)
  })
})
