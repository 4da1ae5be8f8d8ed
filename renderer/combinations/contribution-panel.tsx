/** What each source brings: its exact Shapley value, with the interval over examples. */
import { Stack, Text, Title } from '@mantine/core'
import type { Contribution } from '#engine/common/statistics/set-comparison.ts'
import { useModelMarks } from '#renderer/connection/model-marks.ts'
import { shortNames } from '#renderer/figures/short-names.ts'

type Props = { contributions: readonly Contribution[] | null; missing: number }

const [width, rowHeight, labelWidth] = [300, 24, 110]

export function ContributionPanel({ contributions, missing }: Props) {
  return (
    <Stack gap={4} component="section" aria-label="Contribution of each source">
      <Title order={2} size="h6">
        Contribution
      </Title>
      {contributions === null ? (
        <Text size="xs" className="quiet">
          Told once every set of these sources was run: {missing} to go.
        </Text>
      ) : (
        <>
          <Bars contributions={contributions} />
          <Text size="xs" className="quiet">
            Shapley value in points: what a source adds in the mean over all orders of joining. They sum to
            the accuracy of all sources together. 95 % over examples.
          </Text>
        </>
      )}
    </Stack>
  )
}

function Bars({ contributions }: { contributions: readonly Contribution[] }) {
  const markOf = useModelMarks()
  const highest = Math.max(0.05, ...contributions.map(({ interval }) => interval.high))
  const lowest = Math.min(0, ...contributions.map(({ interval }) => interval.low))
  const x = (value: number): number =>
    labelWidth + ((value - lowest) / (highest - lowest)) * (width - labelWidth - 60)
  const names = shortNames(
    contributions.map(({ source }) => source),
    16
  )
  const text = contributions
    .map(
      ({ source, value, interval }) =>
        `${source} ${(100 * value).toFixed(1)} (${(100 * interval.low).toFixed(1)} to ${(100 * interval.high).toFixed(1)})`
    )
    .join('; ')
  return (
    <svg role="img" aria-label={text} width={width} height={contributions.length * rowHeight} fontSize={12}>
      {contributions.map(({ source, value, interval }, index) => {
        const y = (index + 0.5) * rowHeight
        return (
          <g key={source}>
            <text x={0} y={y} dominantBaseline="central" fill="currentColor">
              {names[index]}
            </text>
            <rect
              x={x(0)}
              y={y - 6}
              width={Math.max(0, x(value) - x(0))}
              height={12}
              fill={markOf(source).colour}
              fillOpacity={0.6}
            />
            <line
              x1={x(interval.low)}
              x2={x(interval.high)}
              y1={y}
              y2={y}
              stroke="currentColor"
              strokeWidth={1.5}
            />
            <text x={x(interval.high) + 6} y={y} dominantBaseline="central" fill="currentColor">
              {(100 * value).toFixed(1)}
            </text>
          </g>
        )
      })}
    </svg>
  )
}
