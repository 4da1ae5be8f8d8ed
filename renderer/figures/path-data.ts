/** Shapes as the data of an SVG path: many of one colour are one element, which a page draws at once. */

function short(value: number): number {
  return Math.round(value * 100) / 100
}

export function rectanglePath(x: number, y: number, width: number, height: number): string {
  return `M${short(x)} ${short(y)}h${short(width)}v${short(height)}h${short(-width)}z`
}

export function discPath(x: number, y: number, radius: number): string {
  const r = short(radius)
  return `M${short(x - radius)} ${short(y)}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`
}

export function linePath(x1: number, y1: number, x2: number, y2: number): string {
  return `M${short(x1)} ${short(y1)}L${short(x2)} ${short(y2)}`
}

/** One path for all shapes of a colour, in the order in which colours first occur. */
export function pathsByColour<T>(
  items: readonly T[],
  colourOf: (item: T) => string,
  pathOf: (item: T) => string
): [colour: string, path: string][] {
  const paths = new Map<string, string>()
  for (const item of items) {
    const colour = colourOf(item)
    paths.set(colour, (paths.get(colour) ?? '') + pathOf(item))
  }
  return [...paths]
}
