/** Accuracy against matching, a point per run; and how the searches of the runs by Adam went. */
import { useQueries } from '@tanstack/react-query'
import type { Data } from 'plotly.js'
import { useMemo } from 'react'
import { count } from '#engine/common/format/count.ts'
import { categoryColour } from '#engine/common/format/palette.ts'
import { pooledRankCorrelation } from '#engine/common/statistics/rank-correlation.ts'
import type { RunEntry } from '#preload/contract/run-methods.ts'
import { useOpened } from '#renderer/connection/address.ts'
import { useModelMarks } from '#renderer/connection/model-marks.ts'
import { useWorkbench } from '#renderer/connection/workbench.tsx'
import { Chart } from '#renderer/figures/chart.tsx'
import { countsText } from '#renderer/runs/run-counts.ts'
import { labelOf, sourcesOf } from '#renderer/runs/run-fields.ts'
import { axisFormat } from './compare-view.ts'

type Evaluated = RunEntry & {
  readonly matching: number
  readonly scores: NonNullable<RunEntry['scores']>
}

/** Within each number of sources on each target: between them matching differs for reasons of its own. */
function correlationText(runs: readonly Evaluated[]): string {
  const counts = countsText(runs)
  const strata = new Map<string, [number, number][]>()
  for (const { sources, target, matching, scores } of runs) {
    const key = `${sources.length} ${target}`
    strata.set(key, [...(strata.get(key) ?? []), [matching, scores.accuracy]])
  }
  const pooled = pooledRankCorrelation([...strata.values()])
  const what = 'Spearman’s ρ within each number of sources and target'
  if (pooled === null) return `${what}: too few runs to say. ${counts}`
  const { rho, low, high, used } = pooled
  return `${what}, pooled over ${used} of them: ${rho.toFixed(2)} (95 % ${low.toFixed(2)} to ${high.toFixed(2)}). ${counts}`
}

export function ScatterChart({ runs }: { runs: readonly RunEntry[] }) {
  const [, open] = useOpened()
  const evaluated = useMemo(
    () =>
      runs.flatMap(({ scores, matching, ...run }) =>
        scores === null || matching === null ? [] : [{ ...run, scores, matching }]
      ),
    [runs]
  )
  const groups = useMemo(() => [...new Set(evaluated.map(({ target }) => target))].sort(), [evaluated])
  const members = useMemo(
    () => groups.map((target) => evaluated.filter((run) => run.target === target)),
    [groups, evaluated]
  )
  const markOf = useModelMarks()
  const picture = useMemo(() => {
    const markerOf = (name: string) => {
      const { colour, symbol } = markOf(name)
      return { color: colour, symbol }
    }
    const traces: Data[] = members.map((list, index) => ({
      type: 'scatter',
      mode: 'markers',
      name: groups[index] ?? '',
      x: list.map(({ matching }) => matching),
      y: list.map(({ scores }) => scores.accuracy),
      text: list.map((run) => `${labelOf(run)}: ${sourcesOf(run)}`),
      hovertemplate: '%{text}<br>matching %{x:.3f}, accuracy %{y:.1%}<extra>%{fullData.name}</extra>',
      marker: { ...markerOf(groups[index] ?? ''), size: 8, opacity: 0.8 }
    }))
    return {
      traces,
      layout: {
        xaxis: { title: { text: 'matching' } },
        yaxis: { title: { text: 'accuracy' }, ...axisFormat.accuracy },
        showlegend: groups.length > 1
      },
      table: {
        columns: ['run', 'sources', 'target', 'matching', 'accuracy', 'N'],
        rows: evaluated.map((run) => [
          labelOf(run),
          sourcesOf(run),
          run.target,
          run.matching,
          run.scores.accuracy,
          run.scores.examples
        ])
      }
    }
  }, [members, groups, evaluated, markOf])
  const summary = useMemo(() => correlationText(evaluated), [evaluated])
  return (
    <Chart
      title="Accuracy against matching"
      summary={`${summary} A click opens the run.`}
      caption={summary}
      height={380}
      onPick={({ trace, point }) => open(members[trace]?.[point]?.id ?? null)}
      {...picture}
    />
  )
}

/** Curves are fetched run by run: the newest so many. */
const shownCurves = 24

function searchText(shown: readonly RunEntry[], all: number): string {
  const newest = all > shown.length ? `, of ${count(all)} the newest` : ''
  return `A line per search by Adam${newest}. ${countsText(shown)}`
}

/** Matching along the steps of every search by Adam. */
export function SearchCurvesChart({ runs }: { runs: readonly RunEntry[] }) {
  const { call } = useWorkbench()
  const all = useMemo(() => runs.filter(({ method }) => method === 'adam'), [runs])
  const searched = useMemo(() => all.slice(0, shownCurves), [all])
  const summary = useMemo(() => searchText(searched, all.length), [searched, all])
  const curves = useQueries({
    queries: searched.map(({ id }) => ({
      queryKey: ['runs', 'get', id],
      queryFn: () => call('runs.get', { id })
    })),
    combine: (results) => results.map(({ data }) => data?.loss ?? null)
  })
  const picture = useMemo(() => {
    const drawn = searched.flatMap((run, index) => {
      const loss = curves[index]
      return loss === null || loss === undefined ? [] : [{ run, loss }]
    })
    const traces: Data[] = drawn.map(({ run, loss: values }, index) => ({
      type: 'scatter',
      mode: 'lines',
      name: `${labelOf(run)}: ${sourcesOf(run)} → ${run.target}`,
      y: Array.from(values, (loss) => 1 - loss),
      line: { color: categoryColour(index), width: 1.5 },
      hovertemplate: 'step %{x}: %{y:.3f}<extra>%{fullData.name}</extra>'
    }))
    const longest = Math.max(0, ...drawn.map(({ loss }) => loss.length))
    return {
      traces,
      layout: { xaxis: { title: { text: 'step' } }, yaxis: { title: { text: 'matching' } } },
      table: {
        columns: [
          'step',
          ...drawn.map(({ run }) => `${labelOf(run)} ${sourcesOf(run)} ${run.id.slice(0, 8)}`)
        ],
        rows: Array.from({ length: longest }, (_, step) => [
          step,
          ...drawn.map(({ loss: values }) => {
            const loss = values[step]
            return loss === undefined ? null : 1 - loss
          })
        ])
      }
    }
  }, [searched, curves])
  if (searched.length === 0) return null
  return <Chart title="Matching along the search" summary={summary} height={320} {...picture} />
}
