/** Jobs stand in an order that a person may change, and one of them or the whole queue may be paused. */
import type { Migration } from '../file/migrate.ts'

const sql = `
ALTER TABLE jobs ADD COLUMN position INTEGER NOT NULL DEFAULT 0;
ALTER TABLE jobs ADD COLUMN paused INTEGER NOT NULL DEFAULT 0;
ALTER TABLE project ADD COLUMN queue_paused INTEGER NOT NULL DEFAULT 0;

UPDATE jobs SET position = sequence;
`

export const orderOfJobs: Migration = { version: 7, sql }
