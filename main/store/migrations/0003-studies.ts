/** Studies as they were planned, the results of their cells, prompts tuned for them, and how long their groups took. */
import type { Migration } from '../file/migrate.ts'

export const studies: Migration = {
  version: 3,
  sql: `
CREATE TABLE studies (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  plan BLOB NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX studies_by_created_at ON studies (created_at);

CREATE TABLE study_results (
  id TEXT PRIMARY KEY,
  result BLOB NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE study_prompts (
  id TEXT PRIMARY KEY,
  vector_count INTEGER NOT NULL,
  width INTEGER NOT NULL,
  vectors BLOB NOT NULL CHECK (length(vectors) = 4 * vector_count * width),
  tuning TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE study_times (
  group_id TEXT NOT NULL,
  model TEXT NOT NULL,
  kind TEXT NOT NULL,
  work REAL NOT NULL,
  seconds REAL NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX study_times_by_kind ON study_times (kind, model);
`
}
