/** What a report was made from: everything a reader needs to make it again, as far as a study knows it. */
import { stringify } from 'yaml'
import type { AskedResult, StudyCell, StudyResults } from '#main/experiments/execute/results.ts'
import { groupBy } from './group-by.ts'

export type ReportManifest = {
  readonly cells: { readonly done: number; readonly planned: number }
  readonly sharedAnchors: number
  readonly versions: Readonly<Record<string, string>>
  /** Devices that results were computed on. */
  readonly devices: readonly string[]
  /** SHA-256 of the embedding table and of the tokenizer. */
  readonly models: readonly { readonly name: string; readonly table: string; readonly tokenizer: string }[]
  /** Remarks of results, and how many results made each. */
  readonly notes: readonly { readonly note: string; readonly times: number }[]
  /** The study file as it was understood, with every default. */
  readonly studyFile: string
}

type DoneCell = readonly [cell: StudyCell, result: AskedResult]

function modelsOf(done: readonly DoneCell[]): ReportManifest['models'] {
  const models = done.flatMap(
    ([
      { target, sources },
      {
        manifest: { inputs }
      }
    ]) => [
      { name: target, ...inputs.target },
      ...inputs.sources.flatMap(({ model }, index) => {
        const source = sources[index]
        return source === undefined ? [] : [{ name: source.model, ...model }]
      })
    ]
  )
  return [...new Map(models.map((model) => [model.name, model])).values()]
}

export function reportManifest({
  study,
  sharedAnchors,
  experiments,
  results,
  versions
}: StudyResults): ReportManifest {
  const cells = new Map(experiments.flatMap((one) => one.cells.map((cell) => [cell.id, cell] as const)))
  const done = [...cells.values()].flatMap((cell): DoneCell[] => {
    const result = results.get(cell.id)
    return result === undefined ? [] : [[cell, result]]
  })
  const notes = groupBy(
    done.flatMap(([, result]) => result.notes),
    (note) => note
  )
  return {
    cells: { done: done.length, planned: cells.size },
    sharedAnchors,
    versions,
    devices: [...new Set(done.map(([, { manifest }]) => manifest.device.used))],
    models: modelsOf(done),
    notes: [...notes].map(([note, { length }]) => ({ note, times: length })),
    studyFile: stringify(study)
  }
}
