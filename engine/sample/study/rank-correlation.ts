/** Spearman's rank correlation. */

/** Ranks from 0; equal values share the mean of their ranks. */
function meanRanks(values: readonly number[]): number[] {
  return values.map((value) => {
    const below = values.filter((other) => other < value).length
    const equal = values.filter((other) => other === value).length
    return below + (equal - 1) / 2
  })
}

/** Spearman's ρ of pairs, ties by mean ranks; zero where one side does not vary. */
export function rankCorrelation(pairs: readonly (readonly [number, number])[]): number {
  const middle = (pairs.length - 1) / 2
  const x = meanRanks(pairs.map(([first]) => first)).map((rank) => rank - middle)
  const y = meanRanks(pairs.map(([, second]) => second)).map((rank) => rank - middle)
  const product = (a: readonly number[], b: readonly number[]): number =>
    a.reduce((sum, value, index) => sum + value * b[index], 0)
  const scale = Math.sqrt(product(x, x) * product(y, y))
  return scale === 0 ? 0 : product(x, y) / scale
}
