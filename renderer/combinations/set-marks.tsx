/**
 * What stands in the columns of the figure of source sets: accuracies, members, differences by relation. All of one
 * colour are one path: of 255 sets on 41 relations ten thousand elements would take a second to put in another order.
 */
import { categoryColour, differenceColour } from '#engine/common/format/palette.ts'
import { level } from '#engine/common/statistics/set-comparison.ts'
import { percent } from '#renderer/components/numbers.ts'
import type { Look } from '#renderer/figures/look.ts'
import { discPath, linePath, pathsByColour, rectanglePath } from '#renderer/figures/path-data.ts'
import { type FigureLayout, relationsOf, type SetFigureData, widthOfNumbers } from './figure-layout.ts'
import type { ComparedSet } from './source-sets.ts'

export type PartProps = { data: SetFigureData; look: Look; layout: FigureLayout }

/** The baseline of a text whose middle is to lie at `y`; readers of SVG don't agree on other ways. */
export function middle(y: number, { size }: Look): number {
  return y + 0.35 * size
}

/** Differences beyond it have the strongest colour: thirty points. */
const strongest = 0.3

export function points(difference: number): string {
  const value = (100 * difference).toFixed(1)
  return difference >= 0 ? `+${value}` : value.replace('-', '−')
}

/** Each set's accuracy with the interval of its difference to the reference. */
export function Dots({ data, layout, look }: PartProps) {
  const { x, y, column } = layout
  const base = data.reference.accuracy
  const radius = Math.min(look.size / 2.6, column / 3)
  const placed = data.sets.map((one, index) => ({ one, gain: one.gain, x: x(index) }))
  const colourOf = ({ gain }: Pick<ComparedSet, 'gain'>): string =>
    gain !== null && gain.adjusted < level ? categoryColour(0) : look.quiet
  const others = placed.flatMap(({ gain, ...rest }) => (gain === null ? [] : [{ gain, ...rest }]))
  const intervals = pathsByColour(others, colourOf, ({ gain, x }) =>
    linePath(x, y(base + gain.low), x, y(base + gain.high))
  )
  const discs = pathsByColour(others, colourOf, ({ one, x }) => discPath(x, y(one.accuracy), radius))
  const references = placed.filter(({ gain }) => gain === null)
  const stroke = look.size / 6
  return (
    <g>
      {intervals.map(([colour, path]) => (
        <path key={colour} d={path} fill="none" stroke={colour} strokeWidth={stroke} />
      ))}
      {discs.map(([colour, path]) => (
        <path key={colour} d={path} fill={colour} stroke={colour} strokeWidth={stroke} />
      ))}
      {references.map(({ one, x }) => (
        <circle
          key={one.set}
          cx={x}
          cy={y(one.accuracy)}
          r={radius}
          fill={look.paper}
          stroke={look.quiet}
          strokeWidth={stroke}
        />
      ))}
      {placed.map(({ one, x }) => (
        <DotTexts key={one.set} one={one} x={x} radius={radius} data={data} layout={layout} look={look} />
      ))}
    </g>
  )
}

/** The accuracy of a set and its letters, where there is room for them. */
function DotTexts({
  one: { accuracy, gain, letters },
  x,
  radius,
  data,
  layout: { y, column, bottom },
  look
}: PartProps & { one: ComparedSet; x: number; radius: number }) {
  const highest = Math.max(accuracy, data.reference.accuracy + (gain?.high ?? 0))
  return (
    <>
      {column >= widthOfNumbers * look.size && (
        <text x={x} y={y(highest) - radius - look.size / 3} textAnchor="middle" fill={look.text}>
          {percent(accuracy)}
        </text>
      )}
      {letters !== '' && column >= letters.length * look.size * 0.55 && (
        <text x={x} y={bottom + 1.2 * look.size} textAnchor="middle" fill={look.text}>
          {letters}
        </text>
      )}
    </>
  )
}

/** Which sources are in each set, as UpSet shows it. */
export function Members({ data, layout, look }: PartProps) {
  const { sources } = data.combinations
  const radius = Math.min(look.size / 3, layout.column / 3)
  const y = (index: number): number => layout.members + (index + 0.5) * layout.row
  const columns = [...data.sets, ...data.suggested].map(({ members }, index) => ({
    x: layout.x(index),
    rows: sources.flatMap((source, row) => (members.includes(source) ? [row] : []))
  }))
  const lines = columns.map(({ x, rows }) => linePath(x, y(rows[0] ?? 0), x, y(rows.at(-1) ?? 0))).join('')
  const dots = columns.flatMap(({ x, rows }) =>
    sources.map((_, row) => ({ x, row, isIn: rows.includes(row) }))
  )
  const discs = pathsByColour(
    dots,
    ({ isIn }) => (isIn ? look.text : look.grid),
    ({ x, row }) => discPath(x, y(row), radius)
  )
  return (
    <g>
      <path d={lines} stroke={look.text} strokeWidth={look.size / 8} />
      {discs.map(([colour, path]) => (
        <path key={colour} d={path} fill={colour} />
      ))}
    </g>
  )
}

/** Relation by relation the difference of each set in points. */
export function Cells({ data, layout, look }: PartProps) {
  const { column, row, relationRows } = layout
  const inset = Math.min(look.size / 12, column / 10)
  const cells = relationsOf(data).flatMap(({ relation, cells }, at) =>
    cells.map((cell, index) => ({ ...cell, relation, x: layout.x(index), y: relationRows[at] ?? 0 }))
  )
  const fills = pathsByColour(
    cells,
    ({ difference }) => differenceColour(difference / strongest),
    ({ x, y }) =>
      rectanglePath(x - column / 2 + inset, y + look.size / 12, column - 2 * inset, row - look.size / 6)
  )
  const crosses = cells
    .filter(({ isNoise, difference }) => isNoise && difference !== 0)
    .map(({ x, y }) =>
      linePath(x - column / 2 + inset, y + row - look.size / 12, x + column / 2 - inset, y + look.size / 12)
    )
    .join('')
  return (
    <g>
      {fills.map(([colour, path]) => (
        <path key={colour} d={path} fill={colour} />
      ))}
      <path d={crosses} stroke="#868e96" strokeWidth={look.size / 14} />
      {column > 3.2 * look.size &&
        cells.map(({ relation, difference, x, y }) => (
          <text
            key={`${relation} ${x}`}
            x={x}
            y={middle(y + row / 2, look)}
            textAnchor="middle"
            fill={Math.abs(difference) > 0.2 ? '#ffffff' : '#000000'}
          >
            {points(difference)}
          </text>
        ))}
    </g>
  )
}
