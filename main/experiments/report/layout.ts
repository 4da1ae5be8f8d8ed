/** How the cells of a section lie in a table: methods and sources down, targets and task sets across. */
import { type Condition, describeSetting, describeSources, type SettingName } from './conditions.ts'
import { groupBy } from './group-by.ts'

/** Told apart by target, task set, or both, as far as there are several. */
export type Column = { readonly target: string; readonly taskSet: string; readonly label: string }

/** Told apart by everything but target and tasks. */
export type Row = {
  readonly heading: string | null
  readonly label: string
  readonly conditions: readonly Condition[]
}

export function columnsOf(conditions: readonly Condition[]): Column[] {
  const targets = [...new Set(conditions.map(({ target }) => target))]
  const taskSets = [...new Set(conditions.map(({ taskSet }) => taskSet))]
  return targets.flatMap((target) =>
    taskSets
      .filter((taskSet) => conditions.some((one) => one.target === target && one.taskSet === taskSet))
      .map((taskSet) => {
        if (taskSets.length === 1) return { target, taskSet, label: target }
        return { target, taskSet, label: targets.length === 1 ? taskSet : `${target} · ${taskSet}` }
      })
  )
}

/** @param varied the settings that rows are told apart by beside method and sources */
export function rowsOf(conditions: readonly Condition[], varied: readonly SettingName[]): Row[] {
  const named = conditions.map((condition) => {
    const settings = varied
      .filter((name) => condition[name] !== null)
      .map((name) => describeSetting(condition, name))
    const name = [condition.method, ...settings].join(', ')
    const sources = describeSources(condition.sources)
    const isTransferred = condition.sources.length > 0
    return { heading: isTransferred ? name : null, label: isTransferred ? sources : name, condition }
  })
  const rows = groupBy(named, ({ heading, label }) => JSON.stringify([heading, label]))
  return [...rows.values()].flatMap((row) =>
    row.slice(0, 1).map(({ heading, label }) => ({
      heading,
      label,
      conditions: row.map(({ condition }) => condition)
    }))
  )
}

/** The condition of a row in a column; undefined where the section has none. */
export function conditionAt({ conditions }: Row, { target, taskSet }: Column): Condition | undefined {
  return conditions.find((one) => one.target === target && one.taskSet === taskSet)
}
