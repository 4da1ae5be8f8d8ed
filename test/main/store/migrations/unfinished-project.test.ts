/** A project of schema 3 that was closed in the middle of its work goes on with it, and computes nothing twice. */
import { expect, it, onTestFinished } from 'vitest'
import { runInputs } from '#engine/common/contract/runs.ts'
import { basisKey } from '#main/experiments/execute/groups/transfer-by-mixing.ts'
import { readPlan } from '#main/experiments/execute/stored-experiment.ts'
import type { PlannedCell } from '#main/experiments/plan/experiment-plan.ts'
import { openProject } from '#main/project/project.ts'
import { hashContent } from '#store/records/row.ts'
import { engineInProcess } from '#test/support/engine-in-process.ts'
import { readExpected, unfinishedHere } from '#test/support/schema-3.ts'

/** Cells of a group that are searched each by itself: by Adam, and those that share their basis with no other. */
function countSearches(cells: readonly PlannedCell[]): number {
  const exact = cells.filter(({ method }) => method.kind === 'exact').map(basisKey)
  const alone = exact.filter((key) => exact.filter((other) => other === key).length === 1)
  return alone.length + cells.filter(({ method }) => method.kind === 'adam').length
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
  const plan = await readPlan(store.read, (await store.read.experiments.list())[0]?.id ?? '')
  const searches = plan.groups
    .filter(({ id }) => left.some(({ work }) => work.groupId === id))
    .map((group) => (group.kind === 'measuring' ? countSearches(group.cells) : 0))
  expect(engine.called.filter((method) => method === 'transfer.run')).toHaveLength(
    transfers.length + searches.reduce((sum, count) => sum + count, 0)
  )

  const cells = new Set(plan.sections.flatMap((section) => section.cells.map(({ id }) => id)))
  for (const id of cells) expect(await store.read.runs.byInputs(id)).toMatchObject({ scores: {} })
  // What was computed before is still what it was: its time did not change, and nothing of it is there twice.
  const hashes = (await store.read.runs.overview()).map(({ manifest }) => hashContent(runInputs(manifest)))
  expect(new Set(hashes).size).toBe(await store.read.runs.count())
  for (const { id, seconds, createdAt } of [
    ...expected.runs,
    ...expected.results.filter((r) => r.seconds > 0)
  ])
    expect(await store.read.runs.get(id)).toMatchObject({ seconds, createdAt })
}, 180_000)
