/** An experiment file as the form sees it, and changes of single settings that leave the rest of the text as it is. */
import { isMap, isNode, isScalar, parseDocument, stringify, type YAMLMap } from 'yaml'
import { z } from 'zod'

const names = z.array(z.string()).catch([])
const keys = z
  .record(z.string(), z.unknown())
  .catch({})
  .transform((record) => Object.keys(record))

/** What of a file the form shows; what is missing or of another form is empty. */
const outlineSchema = z.object({
  name: z.string().catch(''),
  models: keys.prefault({}),
  sources: names.prefault([]),
  targets: names.prefault([]),
  tasks: z
    .record(
      z.string(),
      z
        .object({
          kind: z.string().catch(''),
          folder: z.string().catch('').prefault(''),
          /** Empty: all relations of the folder. */
          only: names.prefault([]),
          limit: z.number().nullable().catch(null).prefault(null)
        })
        .catch({ kind: '', folder: '', only: [], limit: null })
    )
    .catch({})
    .prefault({})
    .transform((record) => Object.entries(record).map(([name, task]) => ({ name, ...task }))),
  methods: keys.prefault({}),
  seeds: z.array(z.number()).catch([]).prefault([]),
  settings: z
    .object({
      anchors: z.union([z.number(), z.string()]).nullable().catch(null).prefault(null),
      length: z.number().nullable().catch(null).prefault(null)
    })
    .catch({ anchors: null, length: null })
    .prefault({}),
  sections: z
    .array(
      z
        .object({
          name: z.string().catch('').prefault(''),
          methods: names.prefault([]),
          /** Empty: all. */
          tasks: names.prefault([]),
          /** Null: sets that are written out. */
          sources: z.string().nullable().catch(null).prefault('each')
        })
        .catch({ name: '', methods: [], tasks: [], sources: null })
    )
    .catch([])
    .prefault([])
})
export type ExperimentOutline = z.output<typeof outlineSchema>

/** The outline of a text; null where that is no YAML of settings. */
export function outlineOf(text: string): ExperimentOutline | null {
  const document = parseDocument(text)
  if (document.errors.length > 0) return null
  const read = outlineSchema.safeParse(document.toJS() ?? {})
  return read.success ? read.data : null
}

type SettingPath = readonly (string | number)[]

/** A value on one line, lists as `[a, b]` and settings as `{ a: 1 }`. */
function onOneLine(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(onOneLine).join(', ')}]`
  if (typeof value === 'object' && value !== null)
    return `{ ${Object.entries(value)
      .map(([key, inner]) => `${onOneLine(key)}: ${onOneLine(inner)}`)
      .join(', ')} }`
  // Inside of a list, where a comma would end it.
  const list = stringify([value], { collectionStyle: 'flow', flowCollectionPadding: false, lineWidth: 0 })
  return list.trim().slice(1, -1)
}

/** Where a node stands in the text; what was parsed has a place. */
function placeOf(node: unknown): { start: number; end: number } {
  const range = isNode(node) ? node.range : null
  return { start: range?.[0] ?? 0, end: range?.[1] ?? 0 }
}

/** Behind the line on which something ends. */
function lineEnd(text: string, end: number): number {
  if (text[end - 1] === '\n') return end
  const next = text.indexOf('\n', end)
  return next < 0 ? text.length : next + 1
}

function lineStart(text: string, at: number): number {
  return text.lastIndexOf('\n', at - 1) + 1
}

/** The text with a setting more in a map that is written out there. */
function withAdded(text: string, map: YAMLMap, key: string, value: unknown): string {
  const written = `${key}: ${onOneLine(value)}`
  const [first, last] = [map.items[0], map.items.at(-1)]
  if (map.flow || first === undefined || last === undefined) {
    const before = text.slice(0, placeOf(map).end - 1).trimEnd()
    return `${before}${map.items.length > 0 ? ', ' : ' '}${written} ${text.slice(placeOf(map).end - 1)}`
  }
  const { start } = placeOf(first.key)
  const at = lineEnd(text, placeOf(last.value ?? last.key).end)
  const newLine = text[at - 1] === '\n' ? '' : '\n'
  return `${text.slice(0, at)}${newLine}${' '.repeat(start - lineStart(text, start))}${written}\n${text.slice(at)}`
}

/** The text without a setting of a map. */
function withoutOne(text: string, map: YAMLMap, key: string | number): string {
  const place = map.items.findIndex((pair) => isScalar(pair.key) && pair.key.value === key)
  const [pair, next] = [map.items[place], map.items[place + 1]]
  if (pair === undefined) return text
  const [{ start }, { end }] = [placeOf(pair.key), placeOf(pair.value ?? pair.key)]
  if (!map.flow) return text.slice(0, lineStart(text, start)) + text.slice(lineEnd(text, end))
  if (next !== undefined) return text.slice(0, start) + text.slice(placeOf(next.key).start)
  const before = text.slice(0, start).trimEnd()
  return `${before.endsWith(',') ? before.slice(0, -1) : before} ${text.slice(end).trimStart()}`
}

/**
 * The text with one setting changed, added, or taken out where the value is undefined. All else, comments too, stays as it is
 * written.
 * @param text without mistakes of YAML
 */
export function withSetting(text: string, path: SettingPath, value: unknown): string {
  const document = parseDocument(text)
  const parents = path.slice(0, -1)
  const key = path.at(-1) ?? ''
  const parent = parents.length === 0 ? document.contents : document.getIn(parents, true)
  const node = document.getIn(path, true)
  if (value === undefined) return isMap(parent) ? withoutOne(text, parent, key) : text
  if (isNode(node)) {
    const { start, end } = placeOf(node)
    const newLine = text[end - 1] === '\n' ? '\n' : ''
    return `${text.slice(0, start)}${onOneLine(value)}${newLine}${text.slice(end)}`
  }
  if (isMap(parent)) return withAdded(text, parent, String(key), value)
  if (parents.length === 0) return `${text}${key}: ${onOneLine(value)}\n`
  return withSetting(text, parents, { [key]: value })
}
