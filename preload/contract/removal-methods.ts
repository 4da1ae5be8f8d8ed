/** Undo of removals, for as long as a project is open. */
import { z } from 'zod'
import { idSchema, nothing } from './common.ts'

/** What a removal answers with: the id to undo it by. */
export const removalSchema = z.object({ removalId: idSchema })

export const removalMethods = {
  /** Puts back what was removed. */
  'removals.undo': { arguments: removalSchema, result: nothing }
} as const
