/** What may stand at a place of an experiment file, by the JSON Schema of these and by the names that the file gives. */
import { z } from 'zod'
import type { YamlPlace } from './yaml-place.ts'

/** The parts of JSON Schema that the schema of experiments is written in. */
type Schema = {
  readonly description?: string | undefined
  readonly type?: string | readonly string[] | undefined
  readonly default?: unknown
  readonly const?: unknown
  readonly enum?: readonly unknown[] | undefined
  readonly properties?: Readonly<Record<string, Schema>> | undefined
  readonly additionalProperties?: Schema | boolean | undefined
  readonly items?: Schema | undefined
  readonly anyOf?: readonly Schema[] | undefined
  readonly oneOf?: readonly Schema[] | undefined
}

export const jsonSchemaSchema: z.ZodType<Schema> = z.lazy(() =>
  z.object({
    description: z.string().optional(),
    type: z.union([z.string(), z.array(z.string())]).optional(),
    default: z.unknown().optional(),
    const: z.unknown().optional(),
    enum: z.array(z.unknown()).optional(),
    properties: z.record(z.string(), jsonSchemaSchema).optional(),
    additionalProperties: z.union([jsonSchemaSchema, z.boolean()]).optional(),
    items: jsonSchemaSchema.optional(),
    anyOf: z.array(jsonSchemaSchema).optional(),
    oneOf: z.array(jsonSchemaSchema).optional()
  })
)

export type SchemaOption = {
  readonly label: string
  readonly kind: 'key' | 'value' | 'name'
  /** What it means. */
  readonly description: string | null
  /** Where it is left out; null where it must be there, or nothing is said. */
  readonly usual: string | null
}

/** A schema and everything that it may be instead. */
function alternatives(schema: Schema): Schema[] {
  const inner = [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])]
  return [schema, ...inner.flatMap(alternatives)]
}

function step(schema: Schema, part: string): Schema[] {
  return alternatives(schema).flatMap(({ properties, additionalProperties, items }) => {
    if (part === '-') return items ?? []
    const own = properties?.[part]
    if (own !== undefined) return own
    return typeof additionalProperties === 'object' ? additionalProperties : []
  })
}

function distinct(options: readonly SchemaOption[]): SchemaOption[] {
  return [...new Map(options.toReversed().map((option) => [option.label, option])).values()].toReversed()
}

function keysOf(schema: Schema): SchemaOption[] {
  return Object.entries(schema.properties ?? {}).map(([label, { description, default: usual }]) => ({
    label,
    kind: 'key',
    description: description ?? null,
    usual: usual === undefined ? null : JSON.stringify(usual)
  }))
}

function valuesOf({ const: only, enum: several = [], type = [], description }: Schema): SchemaOption[] {
  const types = [type].flat()
  const values = [
    ...(only === undefined ? [] : [only]),
    ...several,
    ...(types.includes('boolean') ? [true, false] : []),
    ...(types.includes('null') ? [null] : [])
  ]
  return values.map((value) => ({
    label: String(value),
    kind: 'value',
    description: description ?? null,
    usual: null
  }))
}

/** Where a file names what stands elsewhere in it: keys of that part. */
const namedIn: Readonly<Record<string, string>> = {
  sources: 'models',
  targets: 'models',
  model: 'models',
  rankedBy: 'models',
  methods: 'methods',
  tasks: 'tasks'
}

/** The keys one step inside of a top-level part, by its lines. */
function namesIn(text: string, part: string): string[] {
  const [, body = ''] =
    new RegExp(`^${part}:[^\\n]*\\n((?:[ \\t]+[^\\n]*\\n|[ \\t]*#[^\\n]*\\n|\\n)*)`, 'm').exec(`${text}\n`) ??
    []
  const indent = /^( +)\S/m.exec(body)?.[1] ?? '  '
  return [...body.matchAll(/^( +)([^\s:#][^:#\n]*):/gm)].flatMap(([, spaces, name = '']) =>
    spaces === indent ? name.trim() : []
  )
}

/** The names that may stand at a place; those of models, methods or tasks of the file. */
function namesAt(text: string, path: readonly string[]): SchemaOption[] {
  const [top] = path
  const key = path.findLast((part) => part !== '-') ?? ''
  const part = namedIn[key]
  // The parts that give names name nothing themselves.
  if (part === undefined || (path.length === 1 && top === part)) return []
  return namesIn(text, part).map((label) => ({ label, kind: 'name', description: null, usual: null }))
}

/** What may be typed at a place, with that which is typed already left to the caller to filter. */
export function schemaOptions(schema: Schema, text: string, { path, kind }: YamlPlace): SchemaOption[] {
  const here = path.reduce((schemas, part) => schemas.flatMap((one) => step(one, part)), [schema])
  const all = here.flatMap(alternatives)
  return distinct(kind === 'key' ? all.flatMap(keysOf) : [...namesAt(text, path), ...all.flatMap(valuesOf)])
}
