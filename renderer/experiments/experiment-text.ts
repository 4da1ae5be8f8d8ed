/** An experiment file as the form sees it, and changes of single settings that leave the rest of the text as it is. */
import { isMap, isNode, parseDocument, stringify } from 'yaml'
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
          /** Null: sets that are written out. */
          sources: z.string().nullable().catch(null).prefault('each')
        })
        .catch({ name: '', methods: [], sources: null })
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

/** A value on one line. */
function onOneLine(value: unknown): string {
  return stringify(value, { collectionStyle: 'flow', flowCollectionPadding: false, lineWidth: 0 }).trim()
}

/**
 * The text with one setting changed, or taken out where the value is undefined. What stands at the setting is replaced and all
 * else, comments too, stays as it is written; where nothing stands there yet, the file is written anew around it.
 */
export function withSetting(text: string, path: SettingPath, value: unknown): string {
  const document = parseDocument(text)
  const node = document.getIn(path, true)
  const range = isNode(node) && node.range
  if (range && value !== undefined && !isMap(node)) {
    const [start, end] = range
    const rest = text.slice(end)
    // A list of lines ends behind its last one.
    return `${text.slice(0, start)}${onOneLine(value)}${text[end - 1] === '\n' ? '\n' : ''}${rest}`
  }
  if (value === undefined) document.deleteIn(path)
  else document.setIn(path, value)
  return document.toString({ lineWidth: 0 })
}
