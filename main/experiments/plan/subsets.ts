/** The sets that can be made of a list. */

/** The sets of at least `least` and at most `most` of `items`, smaller ones first, each in the order of `items`. */
export function subsetsOf<T>(items: readonly T[], least: number, most: number): T[][] {
  const choose = (from: number, size: number): T[][] =>
    size === 0
      ? [[]]
      : items
          .slice(from)
          .flatMap((item, index) => choose(from + index + 1, size - 1).map((rest) => [item, ...rest]))
  const largest = Math.min(most, items.length)
  return Array.from({ length: Math.max(0, largest - least + 1) }, (_, index) =>
    choose(0, least + index)
  ).flat()
}

/** How many sets `subsetsOf` would give, without making them. */
export function countSubsets(items: number, least: number, most: number): number {
  let [sets, total] = [1, 0]
  for (let size = 1; size <= Math.min(most, items); size++) {
    sets = (sets * (items - size + 1)) / size
    if (size >= least) total += sets
  }
  return total
}
