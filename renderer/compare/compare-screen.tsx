/** Many runs at once: which sources suit which target, what matching says of accuracy, what a setting does. */
import { Button, Group, SegmentedControl, Text } from '@mantine/core'
import { useDeferredValue, useMemo } from 'react'
import { count } from '#engine/common/format/count.ts'
import type { RunEntry } from '#preload/contract/run-methods.ts'
import { Toolbar } from '#renderer/components/screen.tsx'
import { type Tool, ToolRow } from '#renderer/components/tool-row.tsx'
import { useLink } from '#renderer/connection/use-link.tsx'
import { useView } from '#renderer/connection/view.ts'
import { ExportAll } from '#renderer/figures/export-all.tsx'
import { AverageChoice } from '#renderer/runs/average-choice.tsx'
import { RunInspector } from '#renderer/runs/run-inspector.tsx'
import { scopeOf } from '#renderer/runs/scope.ts'
import { FixedSettings, figureSettings, scopeTools } from '#renderer/runs/scope-settings.tsx'
import { ScreenOfRuns } from '#renderer/runs/screen-of-runs.tsx'
import { ChosenNote } from './chosen-note.tsx'
import { compareLink, followCompare } from './compare-link.ts'
import { type CompareView, compareViewSchema, measures } from './compare-view.ts'
import { CurvesChart } from './curves-chart.tsx'
import { HeatMapChart } from './heat-map-chart.tsx'
import { Paired } from './paired.tsx'
import { ParallelChart } from './parallel-chart.tsx'
import { ScatterChart, SearchCurvesChart } from './scatter-chart.tsx'

export function CompareScreen() {
  return (
    <ScreenOfRuns
      title="Compare"
      lead="Compare runs. Every figure can be saved, with its data."
      empty={{
        title: 'Nothing to compare yet',
        text: 'Figures are made of runs. Transfer some prompts on the screen Mix first; “Grid search …” makes many at once.'
      }}
    >
      {(runs) => <Pictures all={runs} />}
    </ScreenOfRuns>
  )
}

function Pictures({ all }: { all: readonly RunEntry[] }) {
  const [view, setView] = useView('compare', compareViewSchema)
  const { runIds } = view
  const runs = useMemo(() => {
    if (runIds === null) return all
    const chosen = new Set(runIds)
    return all.filter(({ id }) => chosen.has(id))
  }, [all, runIds])
  const isEvaluated = runs.some(({ scores }) => scores !== null)
  const measure = isEvaluated ? view.measure : 'matching'
  return (
    <>
      <PictureList
        all={all}
        runs={runs}
        view={view}
        measure={measure}
        isEvaluated={isEvaluated}
        onView={setView}
      />
      <RunInspector runs={all} />
    </>
  )
}

const measureNames = { accuracy: 'Accuracy', matching: 'Matching' } as const

type ListProps = {
  all: readonly RunEntry[]
  runs: readonly RunEntry[]
  view: CompareView
  measure: CompareView['measure']
  isEvaluated: boolean
  onView: (change: Partial<CompareView>) => void
}

function PictureList({ all, runs, view, measure, isEvaluated, onView }: ListProps) {
  const scope = useMemo(() => scopeOf(runs, view.settings), [runs, view.settings])
  // What is drawn of ten thousand runs is drawn between frames, after the field that asked for it.
  const settings = useDeferredValue(view.settings)
  const drawn = useDeferredValue(scope)
  const alike = useMemo(() => [...drawn.runs, ...drawn.references], [drawn])
  useLink('/compare', compareLink(scope, view), (link) =>
    onView(
      followCompare(
        link,
        all.map(({ id }) => id)
      )
    )
  )
  const runsText =
    runs.length === all.length ? `All ${count(all.length)} runs` : `${count(runs.length)} chosen runs`
  const tools: Tool[] = [
    {
      key: 'runs',
      text: runsText,
      field: (
        <Group gap={6} wrap="nowrap">
          <Text size="sm" role="status">
            {runsText}
          </Text>
          {view.runIds !== null && (
            <Button size="compact-sm" variant="subtle" onClick={() => onView({ runIds: null })}>
              Show all
            </Button>
          )}
          <Button size="compact-sm" variant="subtle" component="a" href="#/runs">
            Choose runs
          </Button>
        </Group>
      )
    },
    {
      key: 'measure',
      text: measureNames[measure],
      field: (
        <SegmentedControl
          aria-label="Figure"
          data={measures.map((value) => ({
            value,
            label: measureNames[value],
            disabled: value === 'accuracy' && !isEvaluated
          }))}
          value={measure}
          onChange={(value) => onView({ measure: value === 'accuracy' ? 'accuracy' : 'matching' })}
        />
      )
    },
    ...(isEvaluated
      ? [
          {
            key: 'average',
            text: view.average,
            field: <AverageChoice value={view.average} onChange={(average) => onView({ average })} />
          }
        ]
      : []),
    ...scopeTools(scope.settings, (change) => onView({ settings: { ...view.settings, ...change } }))
  ]
  const targets = [...new Set(runs.map(({ target }) => target))]
  const unequal = scope.all.length - scope.runs.length
  return (
    <>
      <Toolbar>
        <ToolRow
          tools={tools}
          end={
            <ExportAll
              scope={{
                screen: 'Compare',
                target: targets.length === 1 ? (targets[0] ?? null) : null,
                settings: [
                  ...figureSettings(scope.settings),
                  { name: 'of', value: measure, isChosen: true },
                  { name: 'average', value: view.average, isChosen: true }
                ],
                runs: runs.length,
                relations: new Set(runs.flatMap(({ relation }) => relation ?? [])).size
              }}
            />
          }
        />
      </Toolbar>
      <FixedSettings settings={scope.settings} />
      {unequal > 0 && (
        <Text size="xs" className="quiet">
          {count(unequal)} runs with unequal weights are left out where sets of sources are compared.
        </Text>
      )}
      <ChosenNote runs={runs} />
      <HeatMapChart
        runs={alike}
        measure={measure}
        average={view.average}
        baseline={view.baseline}
        onView={onView}
      />
      {isEvaluated ? (
        <ScatterChart runs={drawn.runs} />
      ) : (
        <Text className="quiet">
          None of these runs was evaluated: register their task on the screen Tasks and evaluate them to see
          accuracy here.
        </Text>
      )}
      <SearchCurvesChart runs={runs} />
      {isEvaluated && <Paired runs={runs} view={view} onView={onView} />}
      <CurvesChart
        runs={runs}
        measure={measure}
        average={view.average}
        along={view.along}
        settings={settings}
        onView={onView}
      />
      <ParallelChart runs={runs} measure={measure} />
    </>
  )
}
