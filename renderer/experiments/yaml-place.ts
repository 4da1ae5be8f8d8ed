/**
 * Where in a YAML text a place is, by its lines alone: what is being typed is seldom whole YAML. Flow collections are followed
 * on their line; `-` in a path is an entry of a list.
 */

export type YamlPlace = {
  /** Keys and list entries from the top to what is typed. */
  readonly path: readonly string[]
  /** Whether a key is typed or a value. */
  readonly kind: 'key' | 'value'
  /** What is typed of it. */
  readonly typed: string
}

const entry = '-'

type Line = {
  readonly indent: number
  /** The columns of the dashes. */
  readonly entries: readonly number[]
  /** What stands behind them, and in which column. */
  readonly rest: string
  readonly at: number
}

function readLine(line: string): Line {
  const entries: number[] = []
  let at = line.length - line.trimStart().length
  const indent = at
  while (line.startsWith('- ', at) || line.slice(at) === entry) {
    entries.push(at)
    at += 2
    at += line.slice(at).length - line.slice(at).trimStart().length
  }
  return { indent, entries, rest: line.slice(at), at }
}

const keyPattern = /^("[^"]*"|'[^']*'|[^\s:#[\]{},][^:#[\]{},]*):(?:\s|$)/

function keyOf(rest: string): string | undefined {
  return keyPattern.exec(rest)?.[1]?.replaceAll(/^["']|["']$/g, '')
}

/** The path of flow collections that are open at the end of a value, and what is typed in the innermost. */
function inFlow(value: string): YamlPlace {
  const open: { readonly isList: boolean; key: string | null }[] = []
  let typed = ''
  for (const letter of value) {
    const inner = open.at(-1)
    const ofKey = inner !== undefined && !inner.isList && inner.key === null && letter === ':'
    if ('[{'.includes(letter)) open.push({ isList: letter === '[', key: null })
    else if (']}'.includes(letter)) open.pop()
    else if (ofKey) inner.key = typed.trim()
    else if (letter === ',' && inner !== undefined) inner.key = null
    else {
      typed += letter
      continue
    }
    typed = ''
  }
  const inner = open.at(-1)
  return {
    path: open.flatMap(({ isList, key }) => (isList ? entry : (key ?? []))),
    kind: inner !== undefined && !inner.isList && inner.key === null ? 'key' : 'value',
    typed: typed.trimStart()
  }
}

/**
 * The keys and list entries above a line that it stands inside of.
 * @param keysBefore keys count that begin left of this column; entries of lists that begin left of `entriesBefore`
 */
function above(lines: readonly string[], keysBefore: number, entriesBefore: number): string[] {
  const path: string[] = []
  let [keyLimit, entryLimit] = [keysBefore, entriesBefore]
  for (const line of lines.toReversed()) {
    if (keyLimit === 0) break
    if (line.trim() === '' || line.trimStart().startsWith('#')) continue
    const { entries, rest, at } = readLine(line)
    const key = keyOf(rest)
    if (key !== undefined && at < keyLimit) {
      path.unshift(key)
      keyLimit = at
      entryLimit = at
    }
    for (const column of entries.toReversed())
      if (column < entryLimit) {
        path.unshift(entry)
        entryLimit = column
        // A list may stand in the column of its key.
        keyLimit = column + 1
      }
  }
  return path
}

/** What stands at an offset of the text. */
export function yamlPlaceAt(text: string, offset: number): YamlPlace {
  const lines = text.slice(0, offset).split('\n')
  const { indent, entries, rest } = readLine(lines.at(-1) ?? '')
  const outer = above(lines.slice(0, -1), entries.length > 0 ? indent + 1 : indent, indent)
  const path = [...outer, ...entries.map(() => entry)]
  const key = keyPattern.exec(rest)
  if (key === null && !/^[[{]/.test(rest)) return { path, kind: 'key', typed: rest }
  const flow = inFlow(rest.slice(key?.[0].length ?? 0).trimStart())
  return { ...flow, path: [...path, ...(key === null ? [] : [keyOf(rest) ?? '']), ...flow.path] }
}
