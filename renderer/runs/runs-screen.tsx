/** All runs of the project: found by text, sorted, grouped, compared with a baseline, tagged, run again, exported. */
import { Select, Switch, Text } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import type { RowSelectionState } from '@tanstack/react-table'
import { startTransition, useCallback, useDeferredValue, useEffect, useMemo, useState } from 'react'
import { count } from '#engine/common/format/count.ts'
import type { RunEntry } from '#preload/contract/run-methods.ts'
import { Toolbar } from '#renderer/components/screen.tsx'
import { useOpened } from '#renderer/connection/address.ts'
import { filterSame, useSame } from '#renderer/connection/same.ts'
import { useLink } from '#renderer/connection/use-link.tsx'
import { useView } from '#renderer/connection/view.ts'
import { ColumnsMenu } from './columns-menu.tsx'
import { FilterField } from './filter/filter-field.tsx'
import { parseFilter } from './filter/run-filter.ts'
import { RunActions } from './run-actions.tsx'
import { runFields } from './run-fields.ts'
import { configurationKey } from './run-group.ts'
import { RunInspector } from './run-inspector.tsx'
import { type Place, RunMenu } from './run-menu.tsx'
import { followRuns, runsLink } from './runs-link.ts'
import { RunsTable } from './runs-table.tsx'
import { runsViewSchema } from './runs-view.ts'
import { ScreenOfRuns } from './screen-of-runs.tsx'
import { fieldsOf, tableOfRuns } from './shown-fields.ts'

export function RunsScreen() {
  return (
    <ScreenOfRuns
      title="Runs"
      lead="Everything that was computed in this project, with how it was made and how it does."
      empty={{
        title: 'No runs yet',
        text: 'A run is a prompt transferred, evaluated or tuned. On the screen Mix, choose prompts, a target and an anchor set, then “Save run” or “Grid search …”.'
      }}
    >
      {(runs) => <RunsBrowser runs={runs} />}
    </ScreenOfRuns>
  )
}

function RunsBrowser({ runs }: { runs: readonly RunEntry[] }) {
  const [view, setView] = useView('runs', runsViewSchema)
  const [chosen, setChosen] = useState<RowSelectionState>({})
  const [, open] = useOpened()
  const [menu, setMenu] = useState<{ run: RunEntry; at: Place } | null>(null)
  useLink('/runs', runsLink(view), (link) => setView(followRuns(link)))
  const [filter] = useDebouncedValue(view.filter, 120)
  const { matches } = useMemo(() => parseFilter(filter), [filter])
  const inSight = useMemo(
    () => (view.archived ? runs : filterSame(runs, ({ archived }) => !archived)),
    [runs, view.archived]
  )
  const shown = useDeferredValue(useMemo(() => filterSame(inSight, matches), [inSight, matches]))
  const fields = useMemo(() => fieldsOf(shown), [shown])
  // Ten thousand rows are grouped and sorted between frames, after the field that asked for it, and letters of a filter are not theirs.
  const groupBy = useDeferredValue(view.groupBy)
  const sorting = useDeferredValue(view.sorting)
  const tableView = useSame({ ...view, groupBy, sorting, filter })
  // The table comes after what stands above it: to put both into the page takes longer than a frame.
  const [isTableDue, setTableDue] = useState(false)
  useEffect(() => startTransition(() => setTableDue(true)), [])
  const setFilter = (text: string): void => setView({ filter: text })
  const openRun = useCallback(({ id }: RunEntry) => open(id), [open])
  const openMenu = useCallback((run: RunEntry, at: Place) => setMenu({ run, at }), [])
  // A row that the filter hides is not acted upon.
  const chosenRuns = useMemo(() => shown.filter(({ id }) => chosen[id] === true), [shown, chosen])
  return (
    <>
      <Toolbar>
        <FilterField text={view.filter} runs={inSight} onText={setFilter} />
        <Select
          label="Group by"
          w={230}
          clearable
          placeholder="nothing"
          data={groupable}
          value={view.groupBy}
          onChange={(groupBy) => setView({ groupBy })}
        />
        {runs.some(({ archived }) => archived) && (
          <Switch
            size="xs"
            label="Archived too"
            checked={view.archived}
            onChange={(event) => setView({ archived: event.currentTarget.checked })}
          />
        )}
        <ColumnsMenu
          view={view}
          onView={setView}
          tableOf={() => tableOfRuns(chosenRuns.length > 0 ? chosenRuns : shown, fields, view)}
        />
      </Toolbar>
      <RunActions
        runs={chosenRuns.length > 0 ? chosenRuns : shown}
        chosen={chosenRuns}
        onRemove={() => setChosen({})}
        isAll={chosenRuns.length === 0 && shown.length === runs.length}
        text={
          <Text size="sm" role="status">
            {shown.length === inSight.length
              ? `${count(inSight.length)} runs`
              : `${count(shown.length)} of ${count(inSight.length)} runs`}
            {chosenRuns.length > 0 && `, ${count(chosenRuns.length)} chosen`}
          </Text>
        }
        view={view}
        onView={setView}
      />
      {isTableDue && (
        <RunsTable
          // What was opened of one grouping says nothing of another.
          key={groupBy}
          runs={shown}
          fields={fields}
          view={tableView}
          onView={setView}
          chosen={chosen}
          onChosen={setChosen}
          onOpen={openRun}
          onMenu={openMenu}
        />
      )}
      {menu !== null && (
        <RunMenu
          key={`${menu.run.id} ${menu.at.x} ${menu.at.y}`}
          {...menu}
          onClose={() => setMenu(null)}
          onOpen={openRun}
        />
      )}
      <RunInspector runs={runs} />
    </>
  )
}

const groupable = [
  { value: configurationKey, label: 'Configuration' },
  ...runFields
    .filter(({ isResult, key }) => isResult !== true && key !== 'name')
    .map(({ key, title }) => ({ value: key, label: title }))
]
