/** Reports that are kept between programs: told without reading the model, and found out where they are not true. */
import { readdir, readFile, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { userCache } from '#engine/models/report-cache.ts'
import { tableAlone } from '#test/support/model-folder.ts'
import { referenceModelFolder } from '#test/support/reference-models.ts'
import { temporaryFolder } from '#test/support/temporary-folder.ts'

let cache = ''
beforeEach(async () => {
  cache = await temporaryFolder()
  vi.stubEnv('ANCHORAGE_CACHE', cache)
})
afterEach(() => void vi.unstubAllEnvs())

/** As a program that was just started. */
async function freshProgram() {
  vi.resetModules()
  return {
    ...(await import('#engine/models/open-model.ts')),
    ...(await import('#engine/models/hash-weights.ts'))
  }
}

/** The only entry of the cache, changed by `change`. */
async function changeEntry(change: (entry: { report: Record<string, unknown> }) => unknown): Promise<void> {
  const [name] = await readdir(join(cache, 'models'))
  const path = join(cache, 'models', name)
  const entry = z
    .looseObject({ report: z.record(z.string(), z.unknown()) })
    .parse(JSON.parse(await readFile(path, 'utf8')))
  await writeFile(path, JSON.stringify(change(entry)))
}

/** As if the table had been changed without its file's size, times or inode. */
const withOtherTable = ({ report, ...entry }: { report: Record<string, unknown> }) => ({
  ...entry,
  report: { ...report, fingerprint: { table: 'f'.repeat(64), tokenizer: 'e'.repeat(64) } }
})

describe('the report of a model', () => {
  it('is told by the next program without reading the model', async () => {
    const folder = await tableAlone()
    const read = await (await freshProgram()).inspectModel({ folder })
    expect(await (await freshProgram()).inspectModel({ folder })).toEqual(read)
    await changeEntry(({ report, ...entry }) => ({
      ...entry,
      report: { ...report, choice: 'As it was kept.' }
    }))
    const { choice } = await (await freshProgram()).inspectModel({ folder })
    expect(choice).toBe('As it was kept.')
  })

  it.each([
    ['a file was touched', async (folder: string) => utimes(join(folder, 'model.safetensors'), 1, 1)],
    ['a file was added', (folder: string) => writeFile(join(folder, 'generation_config.json'), '{}')],
    ['the kept file is damaged', () => changeEntry(() => 'nothing')],
    [
      'another build kept it',
      () => changeEntry((entry) => ({ ...withOtherTable(entry), program: 'an older one' }))
    ]
  ])('is read again where %s', async (_, change) => {
    const folder = await tableAlone()
    const read = await (await freshProgram()).inspectModel({ folder })
    await changeEntry(({ report, ...entry }) => ({
      ...entry,
      report: { ...report, choice: 'As it was kept.' }
    }))
    await change(folder)
    expect(await (await freshProgram()).inspectModel({ folder })).toEqual(read)
  })

  it('is read each time where the cache can’t be written', async () => {
    const file = join(cache, 'file')
    await writeFile(file, '')
    vi.stubEnv('ANCHORAGE_CACHE', file)
    const folder = await tableAlone()
    const read = await (await freshProgram()).inspectModel({ folder })
    expect(await (await freshProgram()).inspectModel({ folder })).toEqual(read)
  })
})

describe('a table that is not what was kept', () => {
  it('is an error for whoever computes with it, and read anew after', async () => {
    const folder = await tableAlone()
    const read = await (await freshProgram()).inspectModel({ folder })
    await changeEntry(withOtherTable)
    const { openModel, inspectModel } = await freshProgram()
    const model = await openModel({ folder })
    await expect(model.readTable()).rejects.toMatchObject({ code: 'mismatch' })
    const again = await openModel({ folder })
    expect((await again.readTable()).rows).toBe(8)
    expect(again.report).toEqual(read)
    expect(await inspectModel({ folder })).toEqual(read)
  })

  it('is an error where the weights are hashed, which every evaluation asks for', async () => {
    const folder = referenceModelFolder('bert')
    const { hashWeights } = await freshProgram()
    const { files } = await hashWeights({ folder }, [])
    await changeEntry(withOtherTable)
    await expect((await freshProgram()).hashWeights({ folder }, [])).rejects.toMatchObject({
      code: 'mismatch'
    })
    await expect((await freshProgram()).hashWeights({ folder }, files)).resolves.toMatchObject({ files })
  })
})

it.each([
  [{ XDG_CACHE_HOME: '/cache' }, 'linux', '/cache/anchorage'],
  [{}, 'linux', '/home/me/.cache/anchorage'],
  [{}, 'darwin', '/home/me/Library/Caches/anchorage'],
  [{ ANCHORAGE_CACHE: '/own', XDG_CACHE_HOME: '/cache' }, 'linux', '/own']
] as const)('the cache of a user with %o on %s is %s', (environment, platform, expected) => {
  expect(userCache(environment, '/home/me', platform)).toBe(expected)
})
