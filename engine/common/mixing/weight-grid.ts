/** Weights on a grid: every way to divide so many equal steps among sources. */

/** `[points][parts]` whole numbers that add up to `total`. */
export function divisions(total: number, parts: number): number[][] {
  if (parts === 1) return [[total]]
  return Array.from({ length: total + 1 }, (_, first) =>
    divisions(total - first, parts - 1).map((rest) => [first, ...rest])
  ).flat()
}
