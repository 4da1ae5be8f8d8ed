/** Three sources: accuracy or matching over the triangle of their weights, filled in as it becomes known. */
import { SegmentedControl } from '@mantine/core'
import { useMemo, useState } from 'react'
import { ErrorReport } from '#renderer/components/error-report.tsx'
import { cosine, percent } from '#renderer/components/numbers.ts'
import { Chart } from '#renderer/figures/chart.tsx'
import type { PickedPoint } from '#renderer/figures/plot.tsx'
import { valueRange } from '#renderer/figures/value-range.ts'
import { mixturePoints, mixtureTable, sharesOf } from './mixture-points.ts'
import { type TernaryMap, ternaryLayout, ternaryTraces } from './ternary.ts'
import { useSampled } from './use-sampled.ts'
import type { WeightPictureProps } from './weight-curve.tsx'

/** What the map says in a sentence. Matching over weights is highest at a corner always, which says nothing of quality. */
function describeMap(names: readonly string[], { weights, values, measure }: TernaryMap): string {
  if (measure === 'matching')
    return 'Over weights, matching is always highest at a single source: it says nothing of how well a mixture does.'
  const known = weights.flatMap((at, index) => {
    const value = values[index] ?? null
    return value === null ? [] : [{ at, value }]
  })
  const [best] = known.toSorted((a, b) => b.value - a.value)
  if (best === undefined) return 'Nothing is known yet.'
  const place = names.map((name, index) => `${name} ${best.at[index]?.toFixed(2)}`).join(', ')
  return `Highest accuracy ${percent(best.value)} at ${place}: the best of ${known.length} on the same few examples, so too high by chance.`
}

export function WeightMap({ solved, names, weights, sample, onPick }: WeightPictureProps) {
  const [wanted, setWanted] = useState<TernaryMap['measure']>('accuracy')
  const shown = sample === null ? 'matching' : wanted
  const points = useMemo(() => mixturePoints(solved.basis, 3), [solved])
  const prompts = useMemo(() => points.map(({ mixture }) => mixture.prompt), [points])
  const asked = shown === 'accuracy' ? sample : null
  const { accuracies, isAsking, error } = useSampled(['map', solved.sides], solved.sides, prompts, asked)
  const values = useMemo(
    () =>
      points.map(({ matching }, index) =>
        shown === 'matching' ? matching : (accuracies[index]?.accuracy ?? null)
      ),
    [points, accuracies, shown]
  )
  const map = useMemo(
    (): TernaryMap => ({
      weights: points.map((point) => point.weights),
      values,
      measure: shown,
      range: valueRange(values, shown),
      unknown: 'not known yet',
      valueText: shown === 'matching' ? cosine : percent
    }),
    [points, values, shown]
  )
  const traces = useMemo(() => ternaryTraces(map, sharesOf(weights)), [map, weights])
  const layout = useMemo(() => ternaryLayout(names, map), [names, map])
  const pick = ({ trace, point }: PickedPoint): void => {
    const picked = points[point]
    if (trace === 0 && picked !== undefined) onPick(picked.weights)
  }
  const progress = isAsking
    ? ` ${values.filter((value) => value !== null).length} of ${points.length} asked.`
    : ''
  return (
    <>
      <Chart
        title={`Weights of ${names.join(', ')}`}
        summary={`${describeMap(names, map)}${progress} Click to apply weights.`}
        table={mixtureTable(names, points, accuracies)}
        controls={
          <SegmentedControl
            size="xs"
            aria-label="Coloured by"
            disabled={sample === null}
            data={[
              { value: 'accuracy', label: 'Accuracy' },
              { value: 'matching', label: 'Matching' }
            ]}
            value={shown}
            onChange={setWanted}
          />
        }
        traces={traces}
        layout={layout}
        height={440}
        onPick={pick}
      />
      {error !== null && <ErrorReport error={error} />}
    </>
  )
}
