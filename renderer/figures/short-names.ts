/** Names cut to what there is room for, never where they differ. */

function cut(name: string, most: number): string {
  if (name.length <= most) return name
  const head = Math.ceil((most - 1) / 2)
  return `${name.slice(0, head)}…${name.slice(name.length - (most - 1 - head))}`
}

/** Each name with at most `most` characters, cut in its middle; longer where two would look the same. */
export function shortNames(names: readonly string[], most: number): string[] {
  const short = names.map((name) => cut(name, most))
  const isClear = names.every((name, index) =>
    names.every((other, at) => other === name || short[at] !== short[index])
  )
  return isClear ? short : shortNames(names, most + 4)
}
