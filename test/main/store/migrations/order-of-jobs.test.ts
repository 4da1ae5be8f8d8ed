/** A project of version 6: its jobs stand in the order in which they were asked for, and nothing is paused. */
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openConnection } from '#store/file/connection.ts'
import { migrate } from '#store/file/migrate.ts'
import { migrations } from '#store/migrations/all.ts'
import { readJobs } from '#store/records/jobs.ts'
import { temporaryFolder } from '#test/support/temporary-folder.ts'

it('keeps the order of jobs, none of them paused', async () => {
  const connection = await openConnection(join(await temporaryFolder(), 'old.db'), 'create')
  await migrate(connection, migrations.slice(0, 6))
  await connection.execute(`
    INSERT INTO project (only, created_at) VALUES (1, 0);
    INSERT INTO jobs (sequence, id, title, kind, state, created_at)
      VALUES (3, 'early', 'early', 'measuring', 'queued', 0), (8, 'late', 'late', 'measuring', 'queued', 1);
    INSERT INTO cells (id, job_id, position, label, group_id, state, attempts)
      VALUES ('b', 'late', 0, 'b', 'b', 'queued', 0), ('a', 'early', 0, 'a', 'a', 'queued', 0)`)
  await migrate(connection, migrations)
  const jobs = readJobs(connection)
  expect((await jobs.list()).map(({ id, position, isPaused }) => ({ id, position, isPaused }))).toEqual([
    { id: 'early', position: 3, isPaused: false },
    { id: 'late', position: 8, isPaused: false }
  ])
  expect(await jobs.isQueuePaused()).toBe(false)
  expect((await jobs.nextCell())?.id).toBe('a')
  await connection.close()
})
