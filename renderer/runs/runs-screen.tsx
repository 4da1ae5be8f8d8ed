/** All runs of the project: found by text, sorted, grouped, compared with a baseline, tagged, run again, exported. */
import { Button, Checkbox, Group, Menu, Select, Switch, Text, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useMutation } from '@tanstack/react-query'
import type { RowSelectionState } from '@tanstack/react-table'
import { useMemo, useState } from 'react'
import type { RunEntry } from '#preload/contract/run-methods.ts'
import { compareViewSchema } from '#renderer/compare/compare-view.ts'
import { Failure } from '#renderer/components/failure.tsx'
import { count } from '#renderer/components/numbers.ts'
import { RemovalNotice, useRemoval } from '#renderer/components/removal.tsx'
import { useReport } from '#renderer/components/report-buttons.tsx'
import { Toolbar } from '#renderer/components/screen.tsx'
import { goTo, useOpened } from '#renderer/connection/address.ts'
import { useLink } from '#renderer/connection/use-link.tsx'
import { useView } from '#renderer/connection/view.ts'
import { useWorkbench } from '#renderer/connection/workbench.tsx'
import { ExportDialog } from '#renderer/export/export-dialog.tsx'
import { runFields } from './run-fields.ts'
import { parseFilter } from './run-filter.ts'
import { RunInspector } from './run-inspector.tsx'
import { followRuns, runsLink } from './runs-link.ts'
import { RunsTable } from './runs-table.tsx'
import { type RunsView, runsViewSchema } from './runs-view.ts'
import { ScreenOfRuns } from './screen-of-runs.tsx'
import { TagDialog } from './tag-dialog.tsx'

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
  useLink('/runs', runsLink(view), (link) => setView(followRuns(link)))
  const [filter] = useDebouncedValue(view.filter, 120)
  const { matches, problem } = useMemo(() => parseFilter(filter), [filter])
  const inSight = useMemo(
    () => (view.archived ? runs : runs.filter(({ archived }) => !archived)),
    [runs, view.archived]
  )
  const shown = useMemo(() => inSight.filter(matches), [inSight, matches])
  // A row that the filter hides is not acted upon.
  const chosenRuns = useMemo(() => shown.filter(({ id }) => chosen[id] === true), [shown, chosen])
  return (
    <>
      <Toolbar>
        <TextInput
          className="filter"
          label="Filter"
          placeholder="target:bert-large accuracy>0.6 -method:adam"
          title="Words, field:text, field=text, numbers by >, <, =; - excludes."
          value={view.filter}
          error={problem}
          onChange={(event) => setView({ filter: event.currentTarget.value })}
        />
        <Select
          label="Group by"
          w={190}
          clearable
          placeholder="nothing"
          data={groupable}
          value={view.groupBy}
          onChange={(groupBy) => setView({ groupBy })}
        />
        <ColumnsMenu view={view} onView={setView} />
      </Toolbar>
      <Group justify="space-between" gap="xs">
        <Group gap="md">
          <Text size="sm" role="status">
            {shown.length === inSight.length
              ? `${count(inSight.length)} runs`
              : `${count(shown.length)} of ${count(inSight.length)} runs`}
            {chosenRuns.length > 0 && `, ${count(chosenRuns.length)} chosen`}
          </Text>
          <Switch
            size="xs"
            label="Varying columns only"
            checked={view.differencesOnly}
            onChange={(event) => setView({ differencesOnly: event.currentTarget.checked })}
          />
          {runs.some(({ archived }) => archived) && (
            <Switch
              size="xs"
              label="Archived too"
              checked={view.archived}
              onChange={(event) => setView({ archived: event.currentTarget.checked })}
            />
          )}
        </Group>
        <RunActions
          runs={chosenRuns.length > 0 ? chosenRuns : shown}
          chosen={chosenRuns}
          onRemove={() => setChosen({})}
          isAll={chosenRuns.length === 0 && shown.length === runs.length}
          view={view}
          onView={setView}
        />
      </Group>
      <RunsTable
        runs={shown}
        view={view}
        onView={setView}
        chosen={chosen}
        onChosen={setChosen}
        onOpen={({ id }) => open(id)}
      />
      <RunInspector runs={runs} />
    </>
  )
}

const groupable = runFields
  .filter(({ isResult, key }) => isResult !== true && key !== 'name')
  .map(({ key, title }) => ({ value: key, label: title }))

type ViewProps = { view: RunsView; onView: (change: Partial<RunsView>) => void }

function ColumnsMenu({ view, onView }: ViewProps) {
  const toggle = (list: readonly string[], key: string, on: boolean): string[] =>
    on ? [...list, key] : list.filter((other) => other !== key)
  return (
    <Menu closeOnItemClick={false} position="bottom-end">
      <Menu.Target>
        <Button variant="default">Columns</Button>
      </Menu.Target>
      <Menu.Dropdown mah={420} className="scrolls">
        {runFields.map(({ key, title }) => (
          <Group key={key} px="sm" py={4} gap="lg" wrap="nowrap">
            <Checkbox
              size="xs"
              w={130}
              label={title}
              checked={!view.hidden.includes(key)}
              disabled={key === 'name'}
              onChange={(event) => onView({ hidden: toggle(view.hidden, key, !event.currentTarget.checked) })}
            />
            <Checkbox
              size="xs"
              label="pinned"
              aria-label={`${title} pinned`}
              checked={view.pinned.includes(key)}
              onChange={(event) => onView({ pinned: toggle(view.pinned, key, event.currentTarget.checked) })}
            />
          </Group>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}

type ActionProps = ViewProps & {
  runs: readonly RunEntry[]
  chosen: readonly RunEntry[]
  /** What is chosen is about to go. */
  onRemove: () => void
  /** Whether `runs` are all of the project. */
  isAll: boolean
}

function RunActions({ runs, chosen, onRemove, isAll, view, onView }: ActionProps) {
  const { call } = useWorkbench()
  const [, setCompared] = useView('compare', compareViewSchema)
  const [dialog, setDialog] = useState<'tag' | 'export' | null>(null)
  const repeat = useMutation({
    mutationFn: () => call('runs.repeat', { ids: chosen.map(({ id }) => id) })
  })
  const removal = useRemoval(
    (gone: readonly RunEntry[]) => call('runs.remove', { ids: gone.map(({ id }) => id) }),
    (gone) => ({
      title: gone.length === 1 ? `${gone[0]?.name} was removed` : `${count(gone.length)} runs were removed`,
      text: 'Their prompts and files stay.'
    })
  )
  const allArchived = chosen.length > 0 && chosen.every(({ archived }) => archived)
  const archive = useMutation({
    mutationFn: () => call('runs.archive', { ids: chosen.map(({ id }) => id), archived: !allArchived })
  })
  const compare = (): void => {
    // What is compared is what is seen: the chosen rows, or those that the filter leaves.
    setCompared({ runIds: isAll ? null : runs.map(({ id }) => id) })
    goTo('/compare')
  }
  const evaluated = runs.filter(({ scores }) => scores !== null)
  const report = useReport({
    name: isAll ? 'all runs' : `${count(runs.length)} runs`,
    reported: { runIds: evaluated.map(({ id }) => id) },
    disabled: evaluated.length === 0,
    size: 'compact-sm'
  })
  const [only] = chosen
  const isBaseline = only !== undefined && view.baselineId === only.id
  const promptIds = chosen.flatMap(({ promptId }) => (promptId === null ? [] : [promptId]))
  return (
    <>
      <Group gap="xs">
        {view.baselineId !== null && (
          <Button size="compact-sm" variant="subtle" onClick={() => onView({ baselineId: null })}>
            No baseline
          </Button>
        )}
        {chosen.length === 1 && !isBaseline && (
          <Button
            size="compact-sm"
            variant="default"
            onClick={() => onView({ baselineId: only?.id ?? null })}
          >
            Make it the baseline
          </Button>
        )}
        <Button
          size="compact-sm"
          variant="default"
          disabled={chosen.length === 0}
          onClick={() => setDialog('tag')}
        >
          Tag …
        </Button>
        <Button
          size="compact-sm"
          variant="default"
          disabled={chosen.length === 0}
          loading={repeat.isPending}
          onClick={() => repeat.mutate()}
        >
          Run again
        </Button>
        <Button
          size="compact-sm"
          variant="default"
          disabled={chosen.length === 0}
          loading={archive.isPending}
          onClick={() => archive.mutate()}
        >
          {allArchived ? 'Unarchive' : 'Archive'}
        </Button>
        <Button
          size="compact-sm"
          variant="default"
          disabled={chosen.length === 0}
          onClick={() => {
            removal.remove(chosen)
            onRemove()
          }}
        >
          Remove
        </Button>
        <Button
          size="compact-sm"
          variant="default"
          disabled={promptIds.length === 0}
          onClick={() => setDialog('export')}
        >
          Export …
        </Button>
        {report.buttons}
        <Button size="compact-sm" onClick={compare}>
          Compare {isAll ? 'all' : count(runs.length)}
        </Button>
      </Group>
      <Failure of={repeat} about={chosen.map(({ id }) => id)} />
      <Failure of={archive} about={chosen.map(({ id }) => id)} />
      {report.outcome}
      <RemovalNotice removal={removal} />
      <TagDialog runs={chosen} opened={dialog === 'tag'} onClose={() => setDialog(null)} />
      <ExportDialog promptIds={promptIds} opened={dialog === 'export'} onClose={() => setDialog(null)} />
    </>
  )
}
