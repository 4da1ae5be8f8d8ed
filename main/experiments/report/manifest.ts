/** What a report was made from: everything a reader needs to make it again, as far as an experiment knows it. */
import { stringify } from 'yaml'
import type { EvaluatedRun, ExperimentResults } from '#main/experiments/execute/results.ts'
import { groupBy } from './group-by.ts'

export type ReportManifest = {
  readonly cells: { readonly done: number; readonly planned: number }
  readonly sharedAnchors: number | null
  readonly versions: Readonly<Record<string, string>>
  /** Devices that results were computed on. */
  readonly devices: readonly string[]
  /** SHA-256 of the embedding table and of the tokenizer. */
  readonly models: readonly { readonly name: string; readonly table: string; readonly tokenizer: string }[]
  /** Remarks of results, and how many results made each. */
  readonly notes: readonly { readonly note: string; readonly times: number }[]
  /** The experiment file as it was understood, with every default; null where there is none. */
  readonly experimentFile: string | null
}

function modelsOf(runs: readonly EvaluatedRun[]): ReportManifest['models'] {
  const models = runs.flatMap(({ manifest: { target, sources } }) => [
    target,
    ...sources.map(({ model }) => model)
  ])
  return [...new Map(models.map(({ name, fingerprint }) => [name, { name, ...fingerprint }])).values()]
}

export function reportManifest({
  file,
  sharedAnchors,
  sections,
  results,
  versions
}: ExperimentResults): ReportManifest {
  const ids = new Set(sections.flatMap(({ cells }) => cells.map(({ id }) => id)))
  const done = [...ids].flatMap((id) => results.get(id) ?? [])
  const notes = groupBy(
    done.flatMap((run) => run.notes),
    (note) => note
  )
  return {
    cells: { done: done.length, planned: ids.size },
    sharedAnchors,
    versions,
    devices: [...new Set(done.map(({ manifest }) => manifest.device.used))],
    models: modelsOf(done),
    notes: [...notes].map(([note, { length }]) => ({ note, times: length })),
    experimentFile: file === null ? null : stringify(file)
  }
}
