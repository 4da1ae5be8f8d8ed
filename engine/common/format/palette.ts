/** Colours that people with any colour vision tell apart. */

/** Okabe and Ito (2008), without yellow and black, which one of the schemes swallows. */
const categories = ['#0072b2', '#e69f00', '#009e73', '#cc79a7', '#56b4e9', '#d55e00'] as const

/** The colour of the n-th category; they come round again. */
export function categoryColour(index: number): string {
  return categories[index % categories.length] ?? categories[0]
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
