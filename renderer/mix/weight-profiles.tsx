/**
 * Four sources and more: accuracy along the weight of each, the others keeping their proportions. All curves meet where
 * the sliders are.
 */
import type { Data, Layout } from 'plotly.js'
import { useMemo } from 'react'
import { categoryColour, translucent } from '#engine/common/format/palette.ts'
import { mix } from '#engine/common/mixing/mixing.ts'
import { ErrorReport } from '#renderer/components/error-report.tsx'
import { percent } from '#renderer/components/numbers.ts'
import { Chart } from '#renderer/figures/chart.tsx'
import type { PickedPoint } from '#renderer/figures/plot.tsx'
import { meanMatching, mixtureTable, profileWeights, sharesOf } from './mixture-points.ts'
import { useSampled } from './use-sampled.ts'
import type { WeightPictureProps } from './weight-curve.tsx'

export function WeightProfiles({ solved, names, weights, sample, onPick }: WeightPictureProps) {
  const shares = useMemo(() => sharesOf(weights), [weights])
  const points = useMemo(
    () =>
      profileWeights(shares).map((profile) => {
        const mixture = mix(solved.basis, profile.weights)
        return { ...profile, mixture, matching: meanMatching(mixture, profile.weights) }
      }),
    [solved, shares]
  )
  const prompts = useMemo(() => points.map(({ mixture }) => mixture.prompt), [points])
  const { accuracies, isAsking, error } = useSampled(
    ['profiles', solved.sides, shares],
    solved.sides,
    prompts,
    sample
  )
  const profiles = useMemo(
    () =>
      names.map((name, source) => ({
        name,
        points: points
          .map((point, index) => ({ ...point, accuracy: accuracies[index] ?? null }))
          .filter((point) => point.source === source)
          .toSorted((a, b) => a.at - b.at)
      })),
    [names, points, accuracies]
  )
  const hasTask = sample !== null
  const picture = useMemo(() => {
    const traces = profiles.flatMap(({ name, points: own }, index): Data[] => {
      const known = own.filter(({ accuracy }) => accuracy !== null)
      const colour = categoryColour(index)
      const line: Data = {
        type: 'scatter',
        mode: 'lines+markers',
        name,
        x: own.map(({ at }) => at),
        y: own.map(({ accuracy, matching }) => (hasTask ? (accuracy?.accuracy ?? null) : matching)),
        line: { color: colour },
        marker: { symbol: index, size: 7 },
        hovertemplate: `%{y:${hasTask ? '.1%' : '.3f'}} at weight %{x:.2f}<extra>%{fullData.name}</extra>`
      }
      if (!hasTask) return [line]
      const band: Data = {
        type: 'scatter',
        mode: 'lines',
        x: [...known, ...known.toReversed()].map(({ at }) => at),
        y: [
          ...known.map(({ accuracy }) => accuracy?.high ?? null),
          ...known.toReversed().map(({ accuracy }) => accuracy?.low ?? null)
        ],
        fill: 'toself',
        fillcolor: translucent(colour),
        line: { width: 0 },
        legendgroup: name,
        hoverinfo: 'skip',
        showlegend: false
      }
      // Lines first: their places in the picture are the sources'.
      return [line, band]
    })
    const layout: Partial<Layout> = {
      xaxis: {
        title: { text: 'Share of one source; the others keep their proportions' },
        range: [-0.02, 1.02]
      },
      yaxis: hasTask
        ? { title: { text: 'Accuracy' }, tickformat: '.0%', range: [0, 1.02] }
        : { title: { text: 'Matching' } },
      showlegend: true
    }
    return { traces: traces.toSorted((a, b) => Number('fill' in a) - Number('fill' in b)), layout }
  }, [profiles, hasTask])
  const known = points.flatMap(({ weights: at }, index) => {
    const accuracy = accuracies[index] ?? null
    return accuracy === null ? [] : [{ at, accuracy }]
  })
  const [best] = known.toSorted((a, b) => b.accuracy.accuracy - a.accuracy.accuracy)
  const said =
    best === undefined
      ? ''
      : `Highest accuracy ${percent(best.accuracy.accuracy)} (N = ${best.accuracy.examples}) at ${names.map((name, index) => `${name} ${best.at[index]?.toFixed(2)}`).join(', ')}: the best of ${known.length} on the same few examples, so too high by chance. `
  const progress = isAsking ? `${known.length} of ${points.length} asked. ` : ''
  return (
    <>
      <Chart
        title={`Weight of each of ${names.length} sources`}
        summary={`${said}${progress}Click to apply weights.`}
        table={mixtureTable(names, points, accuracies)}
        height={380}
        onPick={({ trace, point }: PickedPoint) => {
          const picked = profiles[trace]?.points[point]
          if (picked !== undefined) onPick(picked.weights)
        }}
        {...picture}
      />
      {error !== null && <ErrorReport error={error} />}
    </>
  )
}
