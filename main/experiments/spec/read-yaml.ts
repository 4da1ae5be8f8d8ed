/**
 * YAML of strangers as plain data, in bounded time: the library compares every key of a map with every other, follows what
 * is nested by recursion (thousands deep the process is ended, by no error that could be caught), and reads on in the
 * thread that answers the window.
 */
import { CST, type Document, isNode, isScalar, Lexer, LineCounter, parseDocument, visit } from 'yaml'

/**
 * Characters of a text. Experiment files are written by hand, and the largest known take some kilobytes; what takes the
 * library longest at this size takes it about a second.
 */
export const largestYaml = 2 ** 17
/** Collections inside of collections `[{[{…`. */
const deepestFlow = 64
/** Columns that a `-`, `?` or `:` may stand at: each level of what is nested by indentation takes one at least. */
const lastColumn = 512

type YamlMistake = {
  /** Offset in the text. */
  readonly at: number
  readonly found: string
}

export type ReadYaml = {
  readonly document: Document
  /** Line and column of an offset, both from 1. */
  readonly place: (at: number) => { line: number; column: number }
} & ({ readonly value: unknown } | { readonly mistakes: readonly YamlMistake[] })

/** Where the text is nested too deeply, from its tokens alone; null where it is not. */
function tooDeepAt(text: string): number | null {
  let [at, lineStart, flow] = [0, 0, 0]
  for (const lexeme of new Lexer().lex(text)) {
    switch (CST.tokenType(lexeme)) {
      case 'flow-map-start':
      case 'flow-seq-start':
        flow++
        break
      case 'flow-map-end':
      case 'flow-seq-end':
        flow--
        break
      case 'seq-item-ind':
      case 'explicit-key-ind':
      case 'map-value-ind':
        if (flow === 0 && at - lineStart > lastColumn) return at
        break
      case 'doc-mode':
      case 'flow-error-end':
      case 'scalar':
        // Marks of the lexer's own, no characters of the text.
        continue
      default:
    }
    if (flow > deepestFlow) return at
    const lineEnd = lexeme.lastIndexOf('\n')
    if (lineEnd >= 0) lineStart = at + lineEnd + 1
    at += lexeme.length
  }
  return null
}

/** Keys that a map has twice, and keys that are collections themselves, which the library would write out level by level. */
function wrongKeys(document: Document): YamlMistake[] {
  const mistakes: YamlMistake[] = []
  visit(document, {
    Map: (_, { items }) => {
      const known = new Set<unknown>()
      for (const { key } of items) {
        if (!isScalar(key)) {
          mistakes.push({
            at: (isNode(key) ? key.range?.[0] : null) ?? 0,
            found: 'a key that is no plain word'
          })
          continue
        }
        if (known.has(key.value))
          mistakes.push({
            at: key.range?.[0] ?? 0,
            found: `the key ${String(key.value).slice(0, 80)} a second time`
          })
        known.add(key.value)
      }
    }
  })
  return mistakes
}

/** A text as data, or what keeps it from being read. */
export function readYaml(text: string): ReadYaml {
  const lineCounter = new LineCounter()
  const place = (at: number) => {
    const { line, col } = lineCounter.linePos(at)
    return { line: Math.max(line, 1), column: Math.max(col, 1) }
  }
  const refused = (at: number, found: string): ReadYaml => {
    return { document: parseDocument(''), place, mistakes: [{ at, found }] }
  }
  const deep = tooDeepAt(text)
  if (deep !== null) {
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', end + 1))
      lineCounter.addNewLine(end + 1)
    return refused(deep, 'values inside of values, too deep to be followed')
  }
  const document = parseDocument(text, { lineCounter, prettyErrors: false, uniqueKeys: false })
  const mistakes = document.errors.map(({ pos: [at], message }) => ({ at, found: message }))
  if (mistakes.length === 0) mistakes.push(...wrongKeys(document))
  if (mistakes.length > 0) return { document, place, mistakes }
  try {
    return { document, place, value: document.toJS() }
  } catch (error) {
    // Aliases that lead nowhere, or to more than a text of this size can say.
    return {
      document,
      place,
      mistakes: [{ at: 0, found: error instanceof Error ? error.message : String(error) }]
    }
  }
}
