/** What stands for values: markers, lines with bands, bars with their intervals. */
import { categoryColour } from '#engine/common/format/palette.ts'
import { element } from '../markup.ts'
import type { Point, Series } from './chart.ts'
import type { Scale } from './scale.ts'

/** Series are told apart by shape as well as by colour. */
const shapes: readonly ((x: number, y: number, r: number) => string)[] = [
  (x, y, r) => `M${x - r},${y}a${r},${r} 0 1,0 ${2 * r},0a${r},${r} 0 1,0 ${-2 * r},0z`,
  (x, y, r) => `M${x - r},${y - r}h${2 * r}v${2 * r}h${-2 * r}z`,
  (x, y, r) => `M${x},${y - 1.3 * r}l${1.2 * r},${2.1 * r}h${-2.4 * r}z`,
  (x, y, r) => `M${x},${y - 1.4 * r}l${1.4 * r},${1.4 * r}l${-1.4 * r},${1.4 * r}l${-1.4 * r},${-1.4 * r}z`,
  (x, y, r) => `M${x},${y + 1.3 * r}l${1.2 * r},${-2.1 * r}h${-2.4 * r}z`,
  (x, y, r) =>
    `M${x - r},${y - r / 3}h${0.67 * r}v${-0.67 * r}h${0.67 * r}v${0.67 * r}h${0.67 * r}v${0.67 * r}h${-0.67 * r}v${0.67 * r}h${-0.67 * r}v${-0.67 * r}h${-0.67 * r}z`
]

/** Hundredths of a pixel are enough. */
export function short(value: number): string {
  return String(Number(value.toFixed(2)))
}

function path(points: readonly (readonly [number, number])[]): string {
  return points.map(([x, y], index) => `${index === 0 ? 'M' : 'L'}${short(x)},${short(y)}`).join('')
}

/** The marker of the n-th series. */
export function marker(x: number, y: number, index: number): string {
  const shape = shapes[index % shapes.length]
  return shape === undefined
    ? ''
    : element('path', { d: shape(Number(short(x)), Number(short(y)), 3.5), fill: categoryColour(index) })
}

function interval(x: number, { low, high }: Point, y: Scale, colour: string): string {
  if (low === undefined || high === undefined) return ''
  const d = `M${short(x)},${short(y.at(low))}V${short(y.at(high))}`
  return element('path', { d, stroke: colour, 'stroke-width': 1.2, fill: 'none' })
}

function band(points: readonly Point[], x: Scale, y: Scale, colour: string): string {
  const bounded = points.flatMap((point) =>
    point.low === undefined || point.high === undefined
      ? []
      : [{ ...point, low: point.low, high: point.high }]
  )
  if (bounded.length < 2) return ''
  const upper = bounded.map(({ x: value, high }) => [x.at(value), y.at(high)] as const)
  const lower = bounded.map(({ x: value, low }) => [x.at(value), y.at(low)] as const).reverse()
  return element('path', { d: `${path([...upper, ...lower])}z`, fill: colour, opacity: 0.15 })
}

/** A line through its points, with a band where these have intervals. */
export function lineMarks({ points }: Series, x: Scale, y: Scale, index: number): string {
  const colour = categoryColour(index)
  const d = path(points.map((point) => [x.at(point.x), y.at(point.y)]))
  return [
    band(points, x, y, colour),
    element('path', { d, fill: 'none', stroke: colour, 'stroke-width': 1.6 }),
    ...points.map((point) => marker(x.at(point.x), y.at(point.y), index))
  ].join('')
}

/** Points alone, with their intervals. */
export function pointMarks({ points }: Series, x: Scale, y: Scale, index: number): string {
  return points
    .map((point) => {
      const at = x.at(point.x)
      return interval(at, point, y, categoryColour(index)) + marker(at, y.at(point.y), index)
    })
    .join('')
}

/** The bars of one of several series side by side, in slots of `width` pixels. */
export function barMarks(
  { points }: Series,
  x: Scale,
  y: Scale,
  index: number,
  bars: { readonly count: number; readonly width: number }
): string {
  const width = (0.8 * bars.width) / bars.count
  return points
    .map((point) => {
      const left = x.at(point.x) - 0.4 * bars.width + index * width
      const [top, bottom] = [y.at(Math.max(point.y, 0)), y.at(Math.min(point.y, 0))]
      const bar = element('rect', {
        x: short(left),
        y: short(top),
        width: short(0.92 * width),
        height: short(bottom - top),
        fill: categoryColour(index)
      })
      return bar + interval(left + 0.46 * width, point, y, 'currentColor')
    })
    .join('')
}
