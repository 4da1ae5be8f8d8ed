/** A project of schema 3 that was closed in the middle of its work goes on with it, and computes nothing twice. */
import { gunzipSync, gzipSync } from 'node:zlib'
import { expect, it, onTestFinished } from 'vitest'
import { z } from 'zod'
import { readPlan } from '#main/experiments/execute/stored-experiment.ts'
import { openProject } from '#main/project/project.ts'
import { openConnection } from '#store/file/connection.ts'
import { engineInProcess } from '#test/support/engine-in-process.ts'
import { copyOf, readExpected, repository, schema3 } from '#test/support/schema-3.ts'

/** Where the checkout lay in which the fixtures were made. */
const madeIn = '/opt/anchorage'

/** A copy of unfinished.anchorage whose models, tasks and studies lie in this checkout. */
async function unfinishedHere(): Promise<string> {
  const path = await copyOf(`${schema3}/unfinished.anchorage`)
  const connection = await openConnection(path, 'read-write')
  await connection.run('UPDATE models SET reference = replace(reference, ?, ?)', [madeIn, repository])
  await connection.run('UPDATE tasks SET source = replace(source, ?, ?)', [madeIn, repository])
  const rows = await connection.all('SELECT id, plan FROM studies')
  for (const { id, plan } of z.array(z.object({ id: z.string(), plan: z.instanceof(Buffer) })).parse(rows)) {
    const here = gunzipSync(plan).toString('utf8').replaceAll(madeIn, repository)
    await connection.run('UPDATE studies SET plan = ? WHERE id = ?', [gzipSync(here), id])
  }
  await connection.close()
  return path
}

it('finishes its jobs, with what was done as it was', async () => {
  const expected = await readExpected('unfinished')
  const engine = engineInProcess()
  const { queue, store, close } = await openProject(await unfinishedHere(), engine)
  onTestFinished(close)
  for (const { id, state } of expected.jobs)
    if (state !== 'finished') expect((await queue.whenEnded(id)).error).toBeNull()
  const jobs = await store.read.jobs.list()
  expect(jobs.map(({ state }) => state)).toEqual(expected.jobs.map(() => 'finished'))
  const left = expected.jobs.flatMap((job) => job.left)
  const transfers = left.filter(({ work }) => work.kind === 'transfer')
  expect(engine.called.filter((method) => method === 'transfer.run')).toHaveLength(transfers.length)

  const plan = await readPlan(store.read, (await store.read.experiments.list())[0]?.id ?? '')
  const cells = new Set(plan.sections.flatMap((section) => section.cells.map(({ id }) => id)))
  for (const id of cells) expect(await store.read.runs.byInputs(id)).toMatchObject({ scores: {} })
  // What was computed before is still what it was: its time did not change, and nothing of it is there twice.
  const hashes = await store.read.runs.inputHashes()
  expect(hashes.size).toBe(await store.read.runs.count())
  for (const { id, seconds, createdAt } of [
    ...expected.runs,
    ...expected.results.filter((r) => r.seconds > 0)
  ])
    expect(await store.read.runs.get(id)).toMatchObject({ seconds, createdAt })
}, 180_000)
