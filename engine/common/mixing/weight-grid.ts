/** Weights on a grid: every way to divide so many equal steps among sources. */

/** `[points][parts]` whole numbers that add up to `total`. */
export function divisions(total: number, parts: number): number[][] {
  if (parts === 1) return [[total]]
  return Array.from({ length: total + 1 }, (_, first) =>
    divisions(total - first, parts - 1).map((rest) => [first, ...rest])
  ).flat()
}

/** Whole weights without a common divisor: a source alone and equal weights are the conditions that they always are. */
export function lowestTerms(weights: readonly number[]): number[] {
  const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b))
  const common = weights.reduce(divisor, 0)
  return weights.map((weight) => weight / common)
}
