/**
 * Races for the best set of sources; the conditions that they chose, whose runs were chosen by looking at a split; and the
 * predictions that they paid for of runs that are not whole yet.
 */
import type { Migration } from '../file/migrate.ts'

const sql = `
CREATE TABLE races (
  id TEXT PRIMARY KEY,
  record TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX races_by_created_at ON races (created_at);

CREATE TABLE chosen_conditions (
  condition_id TEXT NOT NULL,
  race_id TEXT NOT NULL REFERENCES races (id) ON DELETE CASCADE,
  PRIMARY KEY (condition_id, race_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE partial_predictions (
  inputs_hash TEXT PRIMARY KEY,
  predictions BLOB NOT NULL
) STRICT;
`

export const races: Migration = { version: 6, sql }
