/** Links that reproduce a view, as text: `#/combinations?target=bert-large&anchors=512`. */
import { z } from 'zod'
import type { ScreenPath } from '#preload/contract/screens.ts'

const scalarSchema = z.union([z.string(), z.number(), z.boolean(), z.null()])
type Scalar = z.infer<typeof scalarSchema>

/** What a link carries: a list by its key once for each item; what is undefined is left out. */
export type LinkValues = Readonly<Record<string, Scalar | readonly string[] | undefined>>

function readValue(text: string): Scalar {
  try {
    const read = scalarSchema.safeParse(JSON.parse(text))
    return read.success ? read.data : text
  } catch {
    // Most texts are no JSON: they are what they are.
    return text
  }
}

/** As it is; in quotation marks where it would be read as a number, `true` or `null`. */
function writeValue(value: Scalar): string {
  return typeof value === 'string' && readValue(value) === value ? value : JSON.stringify(value)
}

export function linkTo(path: ScreenPath, values: LinkValues): string {
  const query = new URLSearchParams()
  for (const [key, value] of Object.entries(values)) {
    if (value === undefined) continue
    if (typeof value === 'object' && value !== null) for (const item of value) query.append(key, item)
    else query.append(key, writeValue(value))
  }
  return `#${path}${query.size === 0 ? '' : `?${query}`}`
}

/** What a link that was followed carries. */
export type FollowedLink = {
  /** Undefined where it carries none. */
  readonly value: (key: string) => Scalar | undefined
  readonly list: (key: string) => string[]
}

export function followedLink(query: URLSearchParams): FollowedLink {
  return {
    value: (key) => {
      const text = query.get(key)
      return text === null ? undefined : readValue(text)
    },
    list: (key) => query.getAll(key)
  }
}

/** A view of these values; what the schema refuses has its default, as a link may be of another version. */
export function viewOfLink<S extends z.ZodObject>(
  schema: S,
  values: Readonly<Record<string, unknown>>
): z.output<S> {
  const read = schema.safeParse(values)
  if (read.success) return read.data
  const refused = new Set(read.error.issues.map(({ path: [key] }) => key))
  return schema.parse(Object.fromEntries(Object.entries(values).filter(([key]) => !refused.has(key))))
}
