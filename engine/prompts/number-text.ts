/** Float32 numbers as decimals that come back bit for bit. */

/** The shortest decimal whose nearest float32 is `value`, with the sign of a zero kept (Python reads `-0` as a whole number); `value` is finite. */
function shortestFloat32(value: number): string {
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0'
  for (let digits = 6; digits < 9; digits++) {
    const shorter = Number(value.toPrecision(digits))
    if (Math.fround(shorter) === value) return String(shorter)
  }
  return String(Number(value.toPrecision(9)))
}

/** One row of numbers, separated. */
export function rowText(row: Float32Array, separator: string): string {
  return Array.from(row, shortestFloat32).join(separator)
}
