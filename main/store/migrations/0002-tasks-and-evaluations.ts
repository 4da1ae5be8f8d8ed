/** Tasks, prompts tuned here, evaluations with their predictions, tags of runs, and what the window was showing. */
import type { Migration } from '../file/migrate.ts'

export const tasksAndEvaluations: Migration = {
  version: 2,
  sql: `
ALTER TABLE prompts RENAME COLUMN file_origin TO origin;

CREATE TABLE tasks (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  source TEXT NOT NULL,
  summary TEXT NOT NULL,
  sha256 TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE tunings (
  id TEXT PRIMARY KEY,
  cell_id TEXT UNIQUE REFERENCES cells (id) ON DELETE SET NULL,
  manifest TEXT NOT NULL,
  loss_curve BLOB NOT NULL,
  validations TEXT NOT NULL,
  chosen_step INTEGER NOT NULL,
  seconds REAL NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE evaluations (
  id TEXT PRIMARY KEY,
  cell_id TEXT REFERENCES cells (id) ON DELETE SET NULL,
  prompt_id TEXT REFERENCES prompts (id) ON DELETE CASCADE,
  task_sha256 TEXT NOT NULL,
  table_fingerprint TEXT NOT NULL,
  manifest TEXT NOT NULL,
  accuracy REAL NOT NULL,
  scores TEXT NOT NULL,
  predictions BLOB NOT NULL,
  seconds REAL NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX evaluations_by_prompt ON evaluations (prompt_id, created_at);
CREATE INDEX evaluations_by_task ON evaluations (task_sha256, table_fingerprint);
CREATE INDEX evaluations_by_cell ON evaluations (cell_id);

CREATE TABLE run_tags (
  run_id TEXT NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
  tag TEXT NOT NULL,
  PRIMARY KEY (run_id, tag)
) STRICT, WITHOUT ROWID;

CREATE TABLE views (
  name TEXT PRIMARY KEY,
  state TEXT NOT NULL
) STRICT, WITHOUT ROWID;
`
}
