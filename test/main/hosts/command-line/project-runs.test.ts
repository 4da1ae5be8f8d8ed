/** Runs of a project renamed, put out of sight and taken out on the command line. */
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { createStore, openStore, openStoreToRead } from '#store/project-store.ts'
import { anchorage } from '#test/support/command-line.ts'
import { evaluatedRun, sampleReport, sampleRun } from '#test/support/sample-records.ts'
import { temporaryFolder } from '#test/support/temporary-folder.ts'

async function projectOfRuns(...names: string[]) {
  const path = join(await temporaryFolder(), 'p.anchorage')
  const store = await createStore(path)
  const ids = await store.write(async ({ runs }) => {
    const made = []
    for (const name of names) made.push(await runs.put(sampleRun(name)))
    return made
  })
  await store.close()
  return { path, ids }
}

async function runsOf(path: string) {
  const store = await openStoreToRead(path)
  const runs = await store.read.runs.overview()
  await store.close()
  return runs.map(({ name, archived }) => ({ name, archived })).sort((a, b) => a.name.localeCompare(b.name))
}

it('renames, archives, brings back and deletes runs', async () => {
  const { path, ids } = await projectOfRuns('a', 'b', 'c')
  const [a = '', b = '', c = ''] = ids
  expect((await anchorage(['project', 'rename', path, a, 'first'])).code).toBe(0)
  expect((await anchorage(['project', 'archive', path, b, c])).code).toBe(0)
  expect((await anchorage(['project', 'archive', path, c, '--undo'])).code).toBe(0)
  expect(await runsOf(path)).toEqual([
    { name: 'b', archived: true },
    { name: 'c', archived: false },
    { name: 'first', archived: false }
  ])
  const deleted = await anchorage(['--json', 'project', 'delete', path, a, b])
  expect(JSON.parse(deleted.out)).toEqual({ ids: [a, b] })
  expect(await runsOf(path)).toEqual([{ name: 'c', archived: false }])
}, 60_000)

it('changes nothing where one of the ids is no run', async () => {
  const { path, ids } = await projectOfRuns('a')
  const { code, err } = await anchorage(['project', 'delete', path, ids[0] ?? '', 'no-such-run'])
  expect(code).toBe(1)
  expect(err).toContain('no-such-run')
  expect(await runsOf(path)).toEqual([{ name: 'a', archived: false }])
}, 60_000)

it('lists runs of an older version as unverified until their model is hashed', async () => {
  const { path } = await projectOfRuns('transferred')
  const store = await openStore(path)
  const report = sampleReport('albert', 6)
  await store.write(async ({ models, runs }) => {
    await models.add({ folder: report.folder }, report)
    await runs.put(evaluatedRun(sampleRun('evaluated')))
  })
  await store.close()
  const shown = await anchorage(['project', 'info', path])
  expect(shown.out).toMatch(/evaluated.*unverified/)
  expect(shown.out).not.toMatch(/transferred.*unverified/)
  expect(shown.out).toMatch(/albert.*not hashed yet/)
  expect(shown.out).toContain('weights unverified: 1 run of an older version')
  const told = JSON.parse((await anchorage(['--json', 'project', 'info', path])).out)
  expect(told).toMatchObject({ unverifiedCount: 1, models: [{ weights: null }] })
})
