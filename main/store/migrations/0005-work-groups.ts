/**
 * Jobs are work groups: what transfers, evaluations and tunings had left to do, each in a form of its own, becomes groups as
 * the planner makes them. In reports the upper bound has that name.
 */
import type { WriteConnection } from '../file/connection.ts'
import type { Migration } from '../file/migrate.ts'
import { compress, readRow } from '../records/row.ts'
import { type OldJob, oldCell, oldJob, planCell } from './from-version-4/plan-cell.ts'

const sql = `
ALTER TABLE jobs ADD COLUMN kind TEXT NOT NULL DEFAULT '';
ALTER TABLE jobs ADD COLUMN experiment_id TEXT;
ALTER TABLE jobs ADD COLUMN work_groups BLOB;
ALTER TABLE cells ADD COLUMN group_id TEXT NOT NULL DEFAULT '';

UPDATE jobs SET kind = CASE settings ->> '$.kind'
  WHEN 'experiment' THEN 'experiment' WHEN 'tuning' THEN 'tuning' ELSE 'measuring' END,
  experiment_id = settings ->> '$.experimentId';
UPDATE cells SET group_id = coalesce(work ->> '$.groupId', CAST(position AS TEXT));

UPDATE runs SET report = replace(report, '"expressible":', '"upperBound":') WHERE report IS NOT NULL;
`

/** The groups of what a job has left to do; what names inputs that are gone has none, and fails as it would have. */
async function planJob(connection: WriteConnection, job: OldJob): Promise<void> {
  const rows = await connection.all(
    `SELECT group_id AS id, label, work FROM cells WHERE job_id = ? AND state <> 'finished' ORDER BY position`,
    [job.id]
  )
  const groups = []
  for (const row of rows) {
    const group = await planCell(connection, job, readRow(oldCell, row, 'a part of a job'))
    if (group !== null) groups.push(group)
  }
  await connection.run('UPDATE jobs SET work_groups = ? WHERE id = ?', [compress(groups), job.id])
}

async function convert(connection: WriteConnection): Promise<void> {
  const rows = await connection.all(`SELECT id, title, settings FROM jobs WHERE kind <> 'experiment'`)
  for (const row of rows) await planJob(connection, readRow(oldJob, row, 'a job'))
  await connection.run('ALTER TABLE jobs DROP COLUMN settings')
  await connection.run('ALTER TABLE cells DROP COLUMN work')
}

export const workGroups: Migration = { version: 5, sql, convert }
