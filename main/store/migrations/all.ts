/** Every migration in its order; a new one is added at the end. */
import type { Migration } from '../file/migrate.ts'
import { firstSchema } from './0001-first-schema.ts'

export const migrations: readonly Migration[] = [firstSchema]
