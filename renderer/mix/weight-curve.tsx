/** Two sources: matching and accuracy along the weight from one to the other, filled in as they become known. */
import { useMemo } from 'react'
import { ErrorReport } from '#renderer/components/error-report.tsx'
import { Chart } from '#renderer/figures/chart.tsx'
import type { PickedPoint } from '#renderer/figures/plot.tsx'
import { curveLayout, curveTraces, describeCurve } from './curve-traces.ts'
import { mixturePoints, mixtureTable, sharesOf, type Weights } from './mixture-points.ts'
import type { TaskSample } from './task-sample.ts'
import type { SolvedMixture } from './use-basis.ts'
import { useSampled } from './use-sampled.ts'

export type WeightPictureProps = {
  solved: SolvedMixture
  names: readonly string[]
  /** Where the sliders are. */
  weights: Weights
  sample: TaskSample | null
  onPick: (weights: Weights) => void
}

export function WeightCurve({ solved, names, weights, sample, onPick }: WeightPictureProps) {
  const points = useMemo(() => mixturePoints(solved.basis, 2), [solved])
  const prompts = useMemo(() => points.map(({ mixture }) => mixture.prompt), [points])
  const { accuracies, isAsking, error } = useSampled(['curve', solved.sides], solved.sides, prompts, sample)
  const hasTask = sample !== null
  const inOrder = useMemo(
    () =>
      points
        .map((point, index) => ({ ...point, at: point.weights[1] ?? 0, accuracy: accuracies[index] ?? null }))
        .toSorted((a, b) => a.at - b.at),
    [points, accuracies]
  )
  const [first = '', second = ''] = names
  const [, mark = 0] = sharesOf(weights)
  const known = accuracies.filter((accuracy) => accuracy !== null).length
  const traces = useMemo(() => curveTraces(inOrder, hasTask), [inOrder, hasTask])
  const layout = useMemo(
    () =>
      curveLayout(
        { title: { text: `Weight of ${second}; the rest is ${first}’s` }, range: [-0.02, 1.02] },
        mark,
        hasTask
      ),
    [first, second, mark, hasTask]
  )
  const pick = ({ point }: PickedPoint): void => {
    const picked = inOrder[point]
    if (picked !== undefined) onPick(picked.weights)
  }
  return (
    <>
      <Chart
        title={`${first} and ${second}`}
        summary={`${describeCurve(inOrder, (at) => `weight ${at.toFixed(2)}`)}${isAsking ? ` ${known} of ${points.length} asked.` : ''} Click to apply weights.`}
        table={mixtureTable(
          names,
          inOrder,
          inOrder.map(({ accuracy }) => accuracy)
        )}
        traces={traces}
        layout={layout}
        height={hasTask ? 400 : 260}
        onPick={pick}
      />
      {error !== null && <ErrorReport error={error} />}
    </>
  )
}
