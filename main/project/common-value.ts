/** What several have in common. */

/** The value that all have, or null. */
export function commonValue<T>(values: readonly (T | null)[]): T | null {
  const [first = null] = values
  return values.every((value) => value === first) ? first : null
}
