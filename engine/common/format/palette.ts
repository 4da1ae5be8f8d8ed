/** Colours that people with any colour vision tell apart. */

/** Okabe and Ito (2008), without yellow and black, which one of the schemes swallows. */
export const categoryColours = ['#0072b2', '#e69f00', '#009e73', '#cc79a7', '#56b4e9', '#d55e00'] as const

/** The colour of the n-th category; they come round again. */
export function categoryColour(index: number): string {
  return categoryColours[index % categoryColours.length] ?? categoryColours[0]
}

/** Dark to light by lightness alone as well as by hue: plotly's picture of viridis' safer cousin. */
export const sequentialScale = 'Cividis'

/** Blue for less, red for more, grey in the middle (Moreland 2009). */
export const divergingScale: [number, string][] = [
  [0, '#3b4cc0'],
  [0.25, '#8db0fe'],
  [0.5, '#dddddd'],
  [0.75, '#f4987a'],
  [1, '#b40426']
]

/** A category's colour, seen through: for bands. */
export function translucent(colour: string): string {
  return `${colour}33`
}

function channels(colour: string): number[] {
  return [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16))
}

/** The colour of a difference on the diverging scale. @param share from −1 to 1; what lies beyond is cut */
export function differenceColour(share: number): string {
  const place = Math.min(1, Math.max(0, (share + 1) / 2)) * (divergingScale.length - 1)
  const below = Math.min(divergingScale.length - 2, Math.floor(place))
  const [[, from], [, to]] = [divergingScale[below], divergingScale[below + 1]]
  const end = channels(to)
  const mixed = channels(from).map((value, at) => value + (place - below) * (end[at] - value))
  return `#${mixed.map((value) => Math.round(value).toString(16).padStart(2, '0')).join('')}`
}
