/** Holm's correction (1979) for several tests: the chance of any false one stays at the level. */

/** The p-values `[n]`, each adjusted for all; a test holds at a level where its adjusted value is below it. */
export function holmAdjusted(pValues: readonly number[]): number[] {
  const rising = pValues.map((p, index) => ({ p, index })).sort((a, b) => a.p - b.p)
  const adjusted = new Array<number>(pValues.length)
  let highest = 0
  for (const [rank, { p, index }] of rising.entries()) {
    highest = Math.min(1, Math.max(highest, p * (pValues.length - rank)))
    adjusted[index] = highest
  }
  return adjusted
}
