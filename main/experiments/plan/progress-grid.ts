/** How far each place of a section's table is: its cells, over tasks and seeds, and how many have a result. */

import type { PlannedSection } from '#main/experiments/execute/results.ts'
import { type ConditionCells, gatherConditions, variedSettings } from '#main/experiments/report/conditions.ts'
import { columnsOf, conditionAt, rowsOf } from '#main/experiments/report/layout.ts'
import { sectionTitle } from '#main/experiments/report/titles.ts'

export type ProgressGrid = {
  readonly title: string
  readonly columns: readonly string[]
  readonly rows: readonly {
    readonly label: string
    /** Null where the section has no such cells. */
    readonly cells: readonly ({ readonly done: number; readonly planned: number } | null)[]
  }[]
}

export function progressGrid(section: PlannedSection, done: ReadonlySet<string>): ProgressGrid {
  const gathered = gatherConditions(section.cells)
  const cellsOf = new Map<ConditionCells['condition'], ConditionCells['cells']>(
    gathered.map(({ condition, cells }) => [condition, cells])
  )
  const conditions = gathered.map(({ condition }) => condition)
  const columns = columnsOf(conditions)
  return {
    title: sectionTitle(section),
    columns: columns.map(({ label }) => label),
    rows: rowsOf(conditions, variedSettings({ section })).map((row) => ({
      label: row.heading === null ? row.label : `${row.heading}: ${row.label}`,
      cells: columns.map((column) => {
        const condition = conditionAt(row, column)
        const cells = condition && cellsOf.get(condition)
        if (cells === undefined) return null
        return { done: cells.filter(({ id }) => done.has(id)).length, planned: cells.length }
      })
    }))
  }
}
