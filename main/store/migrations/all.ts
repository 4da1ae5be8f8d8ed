/** Every migration in its order; a new one is added at the end. */
import type { Migration } from '../file/migrate.ts'
import { firstSchema } from './0001-first-schema.ts'
import { tasksAndEvaluations } from './0002-tasks-and-evaluations.ts'
import { studies } from './0003-studies.ts'
import { oneTableOfRuns } from './0004-one-table-of-runs.ts'
import { workGroups } from './0005-work-groups.ts'
import { races } from './0006-races.ts'
import { orderOfJobs } from './0007-order-of-jobs.ts'

export const migrations: readonly Migration[] = [
  firstSchema,
  tasksAndEvaluations,
  studies,
  oneTableOfRuns,
  workGroups,
  races,
  orderOfJobs
]
