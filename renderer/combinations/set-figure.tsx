/**
 * The figure of source sets: accuracy with the interval of its difference to the reference, what the sets consist of
 * below, and relation by relation the difference in points. Drawn in whichever look: the screen's and the paper's are one.
 */
import { memo, type ReactNode, useMemo } from 'react'
import { percent } from '#renderer/components/numbers.ts'
import type { Look } from '#renderer/figures/look.ts'
import { type FigureLayout, layoutOf, relationsOf, type SetFigureData } from './figure-layout.ts'
import { Cells, Dots, Members, middle, type PartProps } from './set-marks.tsx'
import type { SuggestedSet } from './source-sets.ts'

type Props = {
  data: SetFigureData
  look: Look
  width: number
  /** Name of the set that is marked. */
  focused?: string
  /** What lies over the figure: on paper nothing. */
  overlay?: (layout: FigureLayout) => ReactNode
}

function Axis({ data, layout, look }: PartProps) {
  const { low, high, left, end, y } = layout
  const step = high - low > 0.5 ? 0.2 : 0.1
  const ticks = Array.from({ length: Math.round((high - low) / step) + 1 }, (_, index) => low + index * step)
  return (
    <g>
      {ticks.map((tick) => (
        <g key={tick}>
          <line
            x1={left}
            x2={end}
            y1={y(tick)}
            y2={y(tick)}
            stroke={look.grid}
            strokeWidth={look.size / 16}
          />
          <text x={left - look.size / 2} y={middle(y(tick), look)} textAnchor="end" fill={look.quiet}>
            {Math.round(100 * tick)}
          </text>
        </g>
      ))}
      <text x={0} y={layout.top - look.size} fill={look.quiet}>
        {`${data.combinations.strata === null ? 'micro' : 'macro'} accuracy, %`}
      </text>
    </g>
  )
}

/** Labels of lines that lie close are moved apart. */
function spread(values: readonly number[], gap: number): number[] {
  const placed: number[] = []
  for (const value of values) placed.push(Math.max(value, (placed.at(-1) ?? Number.NEGATIVE_INFINITY) + gap))
  return placed
}

function References({ data, layout, look }: PartProps) {
  const { references } = data.combinations
  const { left, end, namesAbove, y } = layout
  const labels = spread(
    references.map(({ accuracy }) => y(accuracy)),
    1.1 * look.size
  )
  return (
    <g>
      {references.map(({ name, accuracy }, index) => (
        <g key={name}>
          <line
            x1={left}
            x2={end}
            y1={y(accuracy)}
            y2={y(accuracy)}
            stroke={look.quiet}
            strokeWidth={look.size / 12}
            strokeDasharray={`${look.size / 3} ${look.size / 4}`}
          />
          <text x={end + look.size / 2} y={middle(labels[index] ?? 0, look)} fill={look.quiet}>
            {namesAbove ? percent(accuracy) : `${name} ${percent(accuracy)}`}
          </text>
          {namesAbove && (
            <text x={0} y={(1 + 1.2 * index) * look.size} fill={look.quiet}>
              {`${percent(accuracy)}: ${name}`}
            </text>
          )}
        </g>
      ))}
    </g>
  )
}

function Suggested({ one, x, layout, look }: Omit<PartProps, 'data'> & { one: SuggestedSet; x: number }) {
  const { y } = layout
  const [low, high] = [one.mean - 2 * one.standardDeviation, one.mean + 2 * one.standardDeviation]
  return (
    <g>
      <line
        x1={x}
        x2={x}
        y1={y(Math.max(layout.low, low))}
        y2={y(Math.min(layout.high, high))}
        stroke={look.quiet}
        strokeWidth={look.size / 14}
        strokeDasharray={`${look.size / 8} ${look.size / 5}`}
      />
      <circle
        cx={x}
        cy={y(one.mean)}
        r={Math.min(look.size / 2.6, layout.column / 3)}
        fill={look.paper}
        stroke={look.quiet}
        strokeWidth={look.size / 14}
        strokeDasharray={`${look.size / 6} ${look.size / 6}`}
      />
    </g>
  )
}

function RowLabels({ data, layout, look }: PartProps) {
  const { left, row, members, cells, relationRows, headings, names, note } = layout
  const x = left - look.size / 2
  const label = (text: string, y: number): ReactNode => (
    <text key={text} x={x} y={middle(y, look)} textAnchor="end" fill={look.text}>
      {text}
    </text>
  )
  return (
    <g>
      {data.combinations.sources.map((source, index) =>
        label(names.get(source) ?? source, members + (index + 0.5) * row)
      )}
      {note.map((line, index) => (
        <text
          key={line}
          x={0}
          y={cells - (0.6 + 1.2 * (note.length - 1 - index)) * look.size}
          fill={look.quiet}
        >
          {line}
        </text>
      ))}
      {headings.map(({ text, y }) => (
        <text key={text} x={0} y={middle(y + row / 2, look)} fill={look.quiet} fontWeight="bold">
          {text}
        </text>
      ))}
      {relationsOf(data).map(({ relation, count }, index) =>
        label(`${names.get(relation) ?? relation} ${count}`, (relationRows[index] ?? 0) + row / 2)
      )}
    </g>
  )
}

/** The ground of the set in focus. */
function Mark({ x, look, layout }: Omit<PartProps, 'data'> & { x: number }) {
  return (
    <rect
      x={x - layout.column / 2}
      width={layout.column}
      height={layout.height}
      fill={look.grid}
      fillOpacity={0.55}
    />
  )
}

/** Everything but the mark of the set in focus: of hundreds of sets it is not drawn again with every step to another. */
const Drawing = memo(function Drawing({ data, layout, look }: PartProps) {
  const parts = { data, layout, look }
  const { sets, suggested } = data
  return (
    <g>
      <Axis {...parts} />
      <References {...parts} />
      <Dots {...parts} />
      {suggested.map((one, index) => (
        <Suggested key={one.set} one={one} x={layout.x(sets.length + index)} {...parts} />
      ))}
      <Members {...parts} />
      <Cells {...parts} />
      <RowLabels {...parts} />
    </g>
  )
})

export function SetFigure({ data, look, width, focused, overlay }: Props) {
  const layout = useMemo(() => layoutOf(data, look, width), [data, look, width])
  const place = [...data.sets, ...data.suggested].findIndex(({ name }) => name === focused)
  return (
    <svg
      xmlns="http://www.w3.org/2000/svg"
      viewBox={`0 0 ${layout.width} ${layout.height}`}
      width={`${layout.width}${look.unit}`}
      height={`${layout.height}${look.unit}`}
      fontFamily={look.font}
      fontSize={look.size}
    >
      <title>Accuracy of sets of sources</title>
      <rect width={layout.width} height={layout.height} fill={look.paper} />
      {place >= 0 && <Mark x={layout.x(place)} look={look} layout={layout} />}
      <Drawing data={data} layout={layout} look={look} />
      {overlay?.(layout)}
    </svg>
  )
}
