/** Which fields of runs are columns in sight, and the runs as a table of these. */
import type { TableData } from '#engine/common/format/table.ts'
import type { RunEntry } from '#preload/contract/run-methods.ts'
import { type RunField, runFields, varyingFields } from './run-fields.ts'
import { configurationKey } from './run-group.ts'
import type { RunsView } from './runs-view.ts'

/** Columns that are shown where they have something to say of a run. */
const isWorthSaying: Readonly<Record<string, (run: RunEntry) => boolean>> = {
  verified: ({ weightsUnverified }) => weightsUnverified,
  targetData: ({ targetData }) => targetData === 'inputs' || targetData === 'labels',
  chosenOn: ({ chosenOn }) => chosenOn !== null,
  refinement: ({ refinement }) => refinement !== null,
  cost: ({ refinement }) => refinement !== null
}

/** The fields that differ between runs, and those that say something of one at least; both by their keys. */
export type SaidFields = { readonly varying: ReadonlySet<string>; readonly said: ReadonlySet<string> }

export function fieldsOf(runs: readonly RunEntry[]): SaidFields {
  const isSaid = ({ key }: RunField): boolean => runs.some(isWorthSaying[key] ?? (() => true))
  return {
    varying: new Set(varyingFields(runs).map(({ key }) => key)),
    said: new Set(runFields.filter(isSaid).map(({ key }) => key))
  }
}

/** Whether a column is in sight, by its field's key. */
export function visibility(
  { varying, said }: SaidFields,
  { hidden, differencesOnly, groupBy }: Pick<RunsView, 'hidden' | 'differencesOnly' | 'groupBy'>
): Record<string, boolean> {
  const fields = runFields.map(({ key, isResult }) => {
    // A column that says nothing of any run would take the place of one that does.
    if (!said.has(key)) return [key, false] as const
    const differs = isResult === true || varying.has(key) || key === 'name' || key === groupBy
    return [key, differencesOnly ? differs : !hidden.includes(key) || key === groupBy] as const
  })
  return Object.fromEntries([[configurationKey, false], ...fields])
}

/** The runs as a table, each a row, in the columns in sight as they stand: shares from 0 to 1, times as in ISO 8601. */
export function tableOfRuns(runs: readonly RunEntry[], said: SaidFields, view: RunsView): TableData {
  const isShown = visibility(said, view)
  const placed = [...view.pinned, ...view.order, ...runFields.map(({ key }) => key)]
  const fields = [...new Set(placed)].flatMap((key) =>
    isShown[key] === true ? runFields.filter((field) => field.key === key) : []
  )
  return {
    columns: fields.map(({ title }) => title),
    rows: runs.map((run) =>
      fields.map(({ key, value }) => (key === 'created' ? new Date(run.createdAt).toISOString() : value(run)))
    )
  }
}
