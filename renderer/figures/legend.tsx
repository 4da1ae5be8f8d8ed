/** Which series is which, above the picture so that it never lies over data; a click hides a series and shows it again. */
import type { Data } from 'plotly.js'
import { categoryColour } from '#engine/common/format/palette.ts'

export type Series = {
  readonly name: string
  readonly colour: string
  /** plotly's number or name of the marker; null: none. */
  readonly symbol: string | number | null
  readonly hasLine: boolean
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

/** The series of traces that want to be told apart. */
export function seriesOf(traces: readonly Data[]): Series[] {
  return traces.flatMap((trace, index) => {
    if (!('mode' in trace) || trace.name === undefined || trace.showlegend === false) return []
    const mode = trace.mode ?? ''
    const { color, symbol } = trace.marker ?? {}
    return [
      {
        name: trace.name,
        colour: text(color) ?? text(trace.line?.color) ?? categoryColour(index),
        symbol: mode.includes('markers')
          ? typeof symbol === 'number' || typeof symbol === 'string'
            ? symbol
            : 'circle'
          : null,
        hasLine: mode.includes('lines')
      }
    ]
  })
}

/** Shapes of markers in a square of 10, by plotly's numbers. */
const shapes = [
  'M5 1a4 4 0 1 0 .01 0z',
  'M1.5 1.5h7v7h-7z',
  'M5 0l5 5-5 5-5-5z',
  'M3.5 0h3v3.5H10v3H6.5V10h-3V6.5H0v-3h3.5z',
  'M1 3l2-2 2 2 2-2 2 2-2 2 2 2-2 2-2-2-2 2-2-2 2-2z',
  'M5 1l5 8H0z',
  'M5 9L0 1h10z',
  'M1 5l8-5v10z',
  'M9 5L1 0v10z'
] as const
const names: readonly string[] = ['circle', 'square', 'diamond', 'cross', 'x']

function shapeOf(symbol: string | number): string {
  const index = typeof symbol === 'number' ? symbol : names.indexOf(symbol)
  return shapes[Math.max(0, index) % shapes.length] ?? shapes[0]
}

function Swatch({ colour, symbol, hasLine }: Series) {
  return (
    <svg width={22} height={10} aria-hidden="true">
      {hasLine && <path d="M0 5h22" stroke={colour} strokeWidth={2} />}
      {symbol !== null && <path d={shapeOf(symbol)} transform="translate(6 0)" fill={colour} />}
    </svg>
  )
}

type Props = {
  series: readonly Series[]
  hidden: ReadonlySet<string>
  onToggle: (name: string) => void
}

export function Legend({ series, hidden, onToggle }: Props) {
  return (
    <ul className="legend" aria-label="Series">
      {series.map((one) => (
        <li key={one.name}>
          <button type="button" aria-pressed={!hidden.has(one.name)} onClick={() => onToggle(one.name)}>
            <Swatch {...one} />
            <span>{one.name}</span>
          </button>
        </li>
      ))}
    </ul>
  )
}
