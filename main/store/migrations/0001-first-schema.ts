/** Models, prompts, anchor sets, jobs with their cells, runs and notes. */
import type { Migration } from '../file/migrate.ts'

export const firstSchema: Migration = {
  version: 1,
  sql: `
CREATE TABLE project (
  only INTEGER PRIMARY KEY CHECK (only = 1),
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE models (
  id TEXT PRIMARY KEY,
  table_fingerprint TEXT NOT NULL,
  tokenizer_fingerprint TEXT NOT NULL,
  name TEXT NOT NULL,
  family TEXT NOT NULL,
  width INTEGER NOT NULL,
  reference TEXT NOT NULL,
  report TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  UNIQUE (table_fingerprint, tokenizer_fingerprint)
) STRICT;

CREATE TABLE anchor_sets (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  hash TEXT NOT NULL,
  count INTEGER NOT NULL,
  anchors TEXT NOT NULL,
  recipe TEXT,
  audit TEXT,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX anchor_sets_by_hash ON anchor_sets (hash);

CREATE TABLE jobs (
  sequence INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  title TEXT NOT NULL,
  settings TEXT NOT NULL,
  state TEXT NOT NULL,
  error TEXT,
  created_at INTEGER NOT NULL,
  ended_at INTEGER
) STRICT;
CREATE INDEX jobs_by_state ON jobs (state, sequence);

CREATE TABLE cells (
  id TEXT PRIMARY KEY,
  job_id TEXT NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  label TEXT NOT NULL,
  work TEXT NOT NULL,
  state TEXT NOT NULL,
  attempts INTEGER NOT NULL,
  error TEXT,
  UNIQUE (job_id, position)
) STRICT;
CREATE INDEX cells_by_state ON cells (job_id, state, position);

CREATE TABLE runs (
  id TEXT PRIMARY KEY,
  cell_id TEXT UNIQUE REFERENCES cells (id) ON DELETE SET NULL,
  name TEXT NOT NULL,
  manifest TEXT NOT NULL,
  manifest_hash TEXT NOT NULL,
  mean_matching REAL NOT NULL,
  report TEXT NOT NULL,
  loss_curve BLOB,
  chosen_step INTEGER,
  seconds REAL NOT NULL,
  created_at INTEGER NOT NULL,
  CHECK ((loss_curve IS NULL) = (chosen_step IS NULL))
) STRICT;
CREATE INDEX runs_by_created_at ON runs (created_at, id);
CREATE INDEX runs_by_name ON runs (name, id);
CREATE INDEX runs_by_mean_matching ON runs (mean_matching, id);
CREATE INDEX runs_by_seconds ON runs (seconds, id);
CREATE INDEX runs_by_manifest_hash ON runs (manifest_hash);

CREATE TABLE prompts (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  vector_count INTEGER NOT NULL,
  width INTEGER NOT NULL,
  vectors BLOB NOT NULL CHECK (length(vectors) = 4 * vector_count * width),
  sha256 TEXT NOT NULL,
  model_name TEXT,
  table_fingerprint TEXT,
  task TEXT,
  relation TEXT,
  position TEXT NOT NULL,
  template TEXT,
  file_origin TEXT,
  run_id TEXT UNIQUE REFERENCES runs (id),
  warnings TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  CHECK ((file_origin IS NULL) <> (run_id IS NULL))
) STRICT;
CREATE INDEX prompts_by_sha256 ON prompts (sha256);
CREATE INDEX prompts_by_model ON prompts (table_fingerprint, relation);
CREATE INDEX prompts_by_created_at ON prompts (created_at, id);

CREATE TABLE notes (
  id TEXT PRIMARY KEY,
  run_id TEXT REFERENCES runs (id) ON DELETE CASCADE,
  text TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  changed_at INTEGER NOT NULL
) STRICT;
CREATE INDEX notes_by_run ON notes (run_id, created_at);
`
}
