/**
 * An experiment's cells and what came of them: a cell is one condition on one task, by the names of the experiment file;
 * its result is a run.
 */
import { z } from 'zod'
import { scoresSchema } from '#engine/common/contract/evaluation.ts'
import { matrixSchema } from '#engine/common/contract/matrix.ts'
import { curvePointSchema, keptPredictionSchema, runManifestSchema } from '#engine/common/contract/runs.ts'
import {
  centreSchema,
  maskSettingsSchema,
  rescaleSchema,
  transferReportSchema
} from '#engine/common/contract/transfer.ts'
import type { ExperimentFile, Section, TaskSet } from '#main/experiments/spec/experiment-file.ts'
import type { StoredRun } from '#store/records/runs.ts'

export const experimentCellSchema = z.object({
  /** SHA-256 of the run's inputs. */
  id: z.string(),
  /** The name of the method in the experiment file, and its kind. */
  method: z.string(),
  kind: z.string(),
  /** In the order of the experiment file; empty where nothing is transferred. */
  sources: z.array(z.object({ model: z.string(), weight: z.number().positive() })),
  target: z.string(),
  /** Name of the task set in the experiment file, and of the task in it: the relation, or the set's own name. */
  task: z.object({ set: z.string(), name: z.string() }),
  /** Null where the method has none of it: a manual template has no seed, random vectors have no anchors. */
  seed: z.int().nullable(),
  length: z.int().positive().nullable(),
  /** How many anchors there are before the mask. */
  anchors: z.int().positive().nullable(),
  mask: maskSettingsSchema.nullable(),
  /** `none` where there are no anchors, and in plans of older versions. */
  centre: centreSchema.default('none'),
  rescale: rescaleSchema.nullable()
})
export type ExperimentCell = z.infer<typeof experimentCellSchema>

/** A run as a group has computed it, before a project stores it. */
export const computedRunSchema = z.object({
  /** The cell's. */
  id: z.string(),
  name: z.string(),
  manifest: runManifestSchema,
  /** `[m, e]`; null for a manual template and random vectors, which are made again at will. */
  vectors: matrixSchema.nullable(),
  matching: z.number().nullable(),
  report: transferReportSchema.nullable(),
  notes: z.array(z.string()),
  loss: z.instanceof(Float64Array).nullable(),
  chosenStep: z.int().nullable(),
  curve: z.array(curvePointSchema),
  scores: scoresSchema.nullable(),
  predictions: z.array(keptPredictionSchema).nullable(),
  seconds: z.number(),
  evaluationSeconds: z.number().nullable()
})
export type ComputedRun = z.infer<typeof computedRunSchema>

/** A run as statistics need it: of every prediction the rank alone. */
export type EvaluatedRun = Pick<
  StoredRun,
  'manifest' | 'matching' | 'curve' | 'notes' | 'scores' | 'seconds' | 'chosenStep' | 'chosenOn'
> & {
  /** Ids of the examples; one and the same list for all runs on the same ones. */
  readonly examples: readonly string[]
  /** `[examples]`: the rank of each label, from 1. */
  readonly ranks: Int32Array
}

/** A section with its cells, in the order in which the file names them; a cell may be in several. */
export type PlannedSection = Pick<Section, 'name' | 'title' | 'shows' | 'vary'> & {
  readonly cells: readonly ExperimentCell[]
}

/** An experiment, or other runs, and what is known of them: what statistics and report are made from. */
export type ExperimentResults = {
  readonly experiment: Pick<ExperimentFile, 'name' | 'metrics'> & {
    /** By the name of the task set. */
    readonly tasks: Readonly<Record<string, Pick<TaskSet, 'kind' | 'limit'>>>
  }
  /** Null where no file names the runs, and they were found with anchors of their own. */
  readonly file: ExperimentFile | null
  /** The words that all models of the file share. */
  readonly sharedAnchors: number | null
  readonly sections: readonly PlannedSection[]
  /** By the id of the cell; what is missing has not been run, or not evaluated. */
  readonly results: ReadonlyMap<string, EvaluatedRun>
  /** Of the program and what computes. */
  readonly versions: Readonly<Record<string, string>>
}
