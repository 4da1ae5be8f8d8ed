/** The axes of a panel. */
import { element, textElement } from '../markup.ts'
import type { Chart } from './chart.ts'
import { short } from './marks.ts'
import type { Scale } from './scale.ts'

/** The rectangle that the axes enclose, in pixels. */
export type Box = {
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
}

export type Scales = { readonly x: Scale; readonly y: Scale }

/** Long category names are turned so that neighbours do not overlap. */
function tickText(label: string, x: number, y: number, turned: boolean): string {
  const place = { x: short(x), y: short(y) }
  if (!turned) return textElement('text', { ...place, 'text-anchor': 'middle' }, label)
  const turn = `rotate(-30 ${short(x)} ${short(y)})`
  return textElement('text', { ...place, 'text-anchor': 'end', transform: turn }, label)
}

/** Axes with ticks, lines across, and their labels. */
export function axes({ x, y }: Chart, scales: Scales, box: Box, turned: boolean): string {
  const lines = scales.y.ticks.map(({ value, label }) => {
    const at = scales.y.at(value)
    return (
      element('path', {
        d: `M${box.left},${short(at)}H${box.right}`,
        stroke: 'currentColor',
        opacity: 0.15
      }) + textElement('text', { x: box.left - 6, y: short(at + 4), 'text-anchor': 'end' }, label)
    )
  })
  const ticks = scales.x.ticks.map(({ value, label }) => {
    const at = scales.x.at(value)
    return (
      element('path', { d: `M${short(at)},${box.bottom}v4`, stroke: 'currentColor' }) +
      tickText(label, at, box.bottom + 16, turned)
    )
  })
  const middle = (box.left + box.right) / 2
  const centre = (box.top + box.bottom) / 2
  return [
    ...lines,
    ...ticks,
    element('path', { d: `M${box.left},${box.bottom}H${box.right}`, stroke: 'currentColor' }),
    textElement('text', { x: middle, y: box.bottom + (turned ? 76 : 34), 'text-anchor': 'middle' }, x.label),
    textElement(
      'text',
      {
        x: box.left - 40,
        y: centre,
        'text-anchor': 'middle',
        transform: `rotate(-90 ${box.left - 40} ${centre})`
      },
      y.label
    )
  ].join('')
}
