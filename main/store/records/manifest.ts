/**
 * The manifest of a run: everything that made its result, by hash where it is large. Running a manifest
 * again gives the same result.
 */
import { z } from 'zod'
import { maskSettingsSchema, rescaleSchema, solverSettingsSchema } from '#engine/common/contract/transfer.ts'
import type { RegisteredModel } from './models.ts'
import { hashContent } from './row.ts'

const [exactSolver, adamSolver] = solverSettingsSchema.options

/** The solver of a stored transfer: a start other than the seeded one is for comparisons, not for projects. */
export const storedSolverSchema = z.discriminatedUnion('kind', [
  exactSolver,
  adamSolver.omit({ start: true })
])

export const modelIdentitySchema = z.object({
  name: z.string(),
  /** SHA-256 of the table and of the tokenizer. */
  fingerprint: z.object({ table: z.string(), tokenizer: z.string() })
})
export type ModelIdentity = z.infer<typeof modelIdentitySchema>

/** A model as a manifest names it. */
export function modelIdentity({ report }: RegisteredModel): ModelIdentity {
  return { name: report.name, fingerprint: report.fingerprint }
}

export const transferManifestSchema = z.object({
  kind: z.literal('transfer'),
  sources: z
    .array(
      z.object({
        model: modelIdentitySchema,
        /** SHA-256 of shape and values. */
        prompt: z.object({ name: z.string(), sha256: z.string() }),
        weight: z.number().positive()
      })
    )
    .min(1),
  target: modelIdentitySchema,
  anchors: z.object({ name: z.string(), hash: z.string(), count: z.int().positive() }),
  mask: maskSettingsSchema,
  /** With its settings and, where it draws numbers, its seed. */
  solver: storedSolverSchema,
  rescale: rescaleSchema,
  task: z.string().nullable(),
  relation: z.string().nullable(),
  /** The sources' template, where all agree. */
  template: z.string().nullable(),
  /** Which rule chose the result: none is needed for the exact solution. */
  selection: z.enum(['exact', 'last', 'lowest-loss']),
  device: z.object({ asked: z.string(), used: z.string() }),
  /** Of the program, the runtime and what computes. */
  versions: z.record(z.string(), z.string())
})

/** Kinds of run that a project holds; label words and metrics come with the kinds that have them. */
export const manifestSchema = z.discriminatedUnion('kind', [transferManifestSchema])
export type TransferManifest = z.infer<typeof transferManifestSchema>
export type Manifest = z.infer<typeof manifestSchema>

/** Names the rule that chose the result of a solver. */
export function selectionRule(solver: z.infer<typeof storedSolverSchema>): TransferManifest['selection'] {
  switch (solver.kind) {
    case 'exact':
      return 'exact'
    case 'adam':
      return solver.selection
  }
}

/** SHA-256 of a checked manifest: equal for equal ones, whatever the order in which they were written. */
export function hashManifest(manifest: Manifest): string {
  return hashContent(manifest)
}
