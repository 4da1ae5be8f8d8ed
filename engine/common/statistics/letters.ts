/**
 * The compact letter display: methods that share a letter don't differ, those that share none do. By insertion and
 * absorption (Piepho 2004).
 */

/** The letter of a group: a to z, then aa, ab and so on. */
function letter(index: number): string {
  const last = String.fromCharCode(97 + (index % 26))
  return index < 26 ? last : letter(Math.floor(index / 26) - 1) + last
}

function isSubset(inner: ReadonlySet<number>, outer: ReadonlySet<number>): boolean {
  return [...inner].every((item) => outer.has(item))
}

/** A group for each of its items that is parted from the other; those that lie within another are absorbed. */
function part(groups: readonly ReadonlySet<number>[], one: number, other: number): ReadonlySet<number>[] {
  const parted = groups.flatMap((group) =>
    group.has(one) && group.has(other)
      ? [one, other].map((gone) => new Set([...group].filter((item) => item !== gone)))
      : [group]
  )
  return parted.filter(
    (group, index) =>
      !parted.some(
        (outer, at) => at !== index && isSubset(group, outer) && (outer.size > group.size || at < index)
      )
  )
}

/**
 * @param count of methods, in the order that letters are to follow
 * @param differ whether two methods differ, by a test corrected for all pairs
 * @returns the letters of each
 */
export function compactLetters(count: number, differ: (one: number, other: number) => boolean): string[] {
  let groups: ReadonlySet<number>[] = [new Set(Array.from({ length: count }, (_, index) => index))]
  for (let one = 0; one < count; one++)
    for (let other = one + 1; other < count; other++)
      if (differ(one, other)) groups = part(groups, one, other)
  const ordered = groups.map((group) => ({ group, first: Math.min(...group) }))
  ordered.sort((a, b) => a.first - b.first)
  return Array.from({ length: count }, (_, index) =>
    ordered.flatMap(({ group }, at) => (group.has(index) ? [letter(at)] : [])).join('')
  )
}
