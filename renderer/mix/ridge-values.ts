/** The values of λ that are offered and shown along its path. */

/** From next to nothing to where the answer is the plain sum of the anchors. */
export const ridgeExponents = { least: -4, most: 3 } as const

/** Two per power of ten, coarse ones first. */
export function ridgePathValues(): number[] {
  const { least, most } = ridgeExponents
  const whole = Array.from({ length: most - least + 1 }, (_, index) => 10 ** (least + index))
  const between = whole.slice(0, -1).map((ridge) => Number((ridge * Math.sqrt(10)).toPrecision(2)))
  return [...whole, ...between]
}
