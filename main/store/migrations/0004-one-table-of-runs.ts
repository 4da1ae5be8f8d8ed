/**
 * One table of runs: what were runs, evaluations, tunings and results of studies become runs, every one with its numbers;
 * what were studies are experiments. Prompts tuned for studies are prompts like any other. Models are told apart by their
 * weights too, which no older version hashed.
 */
import type { WriteConnection } from '../file/connection.ts'
import type { Migration } from '../file/migrate.ts'
import { moveEvaluations } from './from-version-3/evaluations.ts'
import { renamePlans } from './from-version-3/plans.ts'
import { movePrompts } from './from-version-3/prompts.ts'
import { moveResults } from './from-version-3/results.ts'
import { moveStudyPrompts, moveStudyTunings } from './from-version-3/study-prompts.ts'
import { moveTransfers } from './from-version-3/transfers.ts'
import { moveTunings } from './from-version-3/tunings.ts'
import { moveViews } from './from-version-3/views.ts'

const sql = `
CREATE TABLE new_models (
  id TEXT PRIMARY KEY,
  table_fingerprint TEXT NOT NULL,
  tokenizer_fingerprint TEXT NOT NULL,
  weights_fingerprint TEXT,
  name TEXT NOT NULL,
  family TEXT NOT NULL,
  width INTEGER NOT NULL,
  reference TEXT NOT NULL,
  report TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
INSERT INTO new_models
SELECT id, table_fingerprint, tokenizer_fingerprint, NULL, name, family, width, reference, report, created_at FROM models;
DROP TABLE models;
ALTER TABLE new_models RENAME TO models;
CREATE UNIQUE INDEX models_by_fingerprint
ON models (table_fingerprint, tokenizer_fingerprint, coalesce(weights_fingerprint, ''));

CREATE TABLE file_hashes (
  path TEXT PRIMARY KEY,
  size INTEGER NOT NULL,
  modified TEXT NOT NULL,
  inode TEXT NOT NULL,
  sha256 TEXT NOT NULL
) STRICT;

CREATE TABLE new_runs (
  id TEXT PRIMARY KEY,
  inputs_hash TEXT NOT NULL,
  planned_hash TEXT,
  condition_id TEXT NOT NULL,
  unverified INTEGER NOT NULL,
  cell_id TEXT REFERENCES cells (id) ON DELETE SET NULL,
  prompt_id TEXT REFERENCES prompts (id) ON DELETE SET NULL,
  name TEXT NOT NULL,
  manifest TEXT NOT NULL,
  matching REAL,
  report TEXT,
  notes TEXT NOT NULL,
  loss_curve BLOB,
  chosen_step INTEGER,
  curve TEXT NOT NULL,
  scores TEXT,
  predictions BLOB,
  seconds REAL NOT NULL,
  evaluation_seconds REAL,
  archived INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  CHECK ((scores IS NULL) = (predictions IS NULL))
) STRICT;

CREATE TABLE new_prompts (
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
  origin TEXT NOT NULL,
  recipe TEXT,
  planned_recipe TEXT,
  warnings TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;

-- While rows are moved.
CREATE INDEX new_prompts_by_tuning ON new_prompts (origin ->> '$.tuning');

ALTER TABLE studies RENAME TO experiments;
DROP INDEX studies_by_created_at;
CREATE INDEX experiments_by_created_at ON experiments (created_at);
ALTER TABLE study_times RENAME TO group_times;
DROP INDEX study_times_by_kind;
CREATE INDEX group_times_by_kind ON group_times (kind, model);

UPDATE jobs SET settings = json_object('kind', 'experiment', 'experimentId', settings ->> '$.studyId')
WHERE settings ->> '$.kind' = 'study';
UPDATE cells SET work = json_object('kind', 'experiment', 'groupId', work ->> '$.groupId')
WHERE work ->> '$.kind' = 'study';
`

const replaceTables = [
  'DROP INDEX new_prompts_by_tuning',
  'DROP TABLE evaluations',
  'DROP TABLE tunings',
  'DROP TABLE study_results',
  'DROP TABLE study_prompts',
  'DROP TABLE prompts',
  'ALTER TABLE new_prompts RENAME TO prompts',
  'DROP TABLE runs',
  'ALTER TABLE new_runs RENAME TO runs',
  'CREATE INDEX prompts_by_sha256 ON prompts (sha256)',
  'CREATE INDEX prompts_by_recipe ON prompts (recipe)',
  'CREATE INDEX prompts_by_planned_recipe ON prompts (planned_recipe)',
  'CREATE INDEX prompts_by_model ON prompts (table_fingerprint, relation)',
  'CREATE INDEX prompts_by_created_at ON prompts (created_at, id)',
  'CREATE INDEX runs_by_inputs ON runs (inputs_hash)',
  'CREATE INDEX runs_by_planned ON runs (planned_hash)',
  'CREATE INDEX runs_unverified ON runs (unverified) WHERE unverified = 1',
  'CREATE INDEX runs_by_condition ON runs (condition_id)',
  'CREATE INDEX runs_by_cell ON runs (cell_id)',
  'CREATE INDEX runs_by_prompt ON runs (prompt_id, created_at)',
  'CREATE INDEX runs_by_created_at ON runs (created_at, id)',
  'CREATE INDEX runs_by_name ON runs (name, id)',
  'CREATE INDEX runs_by_matching ON runs (matching, id)',
  'CREATE INDEX runs_by_seconds ON runs (seconds, id)'
]

async function convert(connection: WriteConnection): Promise<void> {
  const plans = await renamePlans(connection)
  const recipes = await movePrompts(connection)
  const prompts = await moveStudyPrompts(connection, plans)
  // Results first: of rows with the same inputs an experiment is shown the one that it computed itself.
  await moveResults(connection, { plans, prompts })
  await moveTransfers(connection)
  await moveTunings(connection, recipes)
  await moveEvaluations(connection)
  await moveStudyTunings(connection, prompts)
  await moveViews(connection)
  for (const statement of replaceTables) await connection.run(statement)
}

export const oneTableOfRuns: Migration = { version: 4, sql, convert }
