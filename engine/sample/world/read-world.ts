/**
 * The small world of the sample, read from its data files: tables of true facts, relations with paraphrases,
 * ordinary sentences, and two classification tasks. Names that would mean two things are left out.
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { z } from 'zod'

const relationSchema = z.object({
  relation: z.string(),
  label: z.string(),
  table: z.string(),
  column: z.string(),
  /** The manual template; its wording never occurs in the corpus. */
  template: z.string(),
  /** Wordings of the corpus, with `[X]` and `[Y]`. */
  paraphrases: z.array(z.string())
})

const classificationSchema = z.object({
  sentiment: z.object({
    template: z.string(),
    seen: z.array(z.string()),
    nouns: z.array(z.string()),
    labels: z.record(
      z.string(),
      z.object({ word: z.string(), words: z.array(z.string()), endings: z.array(z.string()) })
    ),
    shapes: z.array(z.string())
  }),
  topic: z.object({
    template: z.string(),
    seen: z.array(z.string()),
    labels: z.record(z.string(), z.object({ word: z.string(), shapes: z.array(z.string()) }))
  })
})

export type Fact = { readonly subject: string; readonly object: string }
export type Relation = z.infer<typeof relationSchema> & { readonly facts: readonly Fact[] }

export type World = {
  /** Names of each table, for ordinary sentences: `cities` → Lyon, … */
  readonly names: ReadonlyMap<string, readonly string[]>
  readonly relations: readonly Relation[]
  readonly ordinarySentences: readonly string[]
  readonly classification: z.infer<typeof classificationSchema>
}

const tables = [
  'animals',
  'cities',
  'companies',
  'countries',
  'dishes',
  'foods',
  'instruments',
  'languages',
  'people',
  'rivers',
  'things',
  'works'
] as const

type Row = Readonly<Record<string, string>>
const rowsSchema = z.array(z.record(z.string(), z.string()))

async function readTable(folder: string, table: string): Promise<Row[]> {
  const text = await readFile(join(folder, `${table}.tsv`), 'utf8')
  return rowsSchema.parse(parse(text, { columns: true, delimiter: '\t', quote: null }))
}

function nameOf(row: Row): string {
  return Object.values(row)[0]
}

/** Lower-cased names that stand in more than one table: a model that lower-cases could not tell them apart. */
function ambiguousNames(rowsOf: ReadonlyMap<string, readonly Row[]>): Set<string> {
  const seen = new Set<string>()
  const twice = new Set<string>()
  for (const rows of rowsOf.values()) {
    for (const row of rows) {
      const name = nameOf(row).toLowerCase()
      if (seen.has(name)) twice.add(name)
      seen.add(name)
    }
  }
  return twice
}

/** Every city's continent follows from its country's. */
function withContinents(cities: readonly Row[], countries: readonly Row[]): Row[] {
  const continentOf = new Map(countries.map((row) => [row['country'], row['continent']]))
  return cities.map((row) => ({ ...row, continent: continentOf.get(row['country']) ?? '' }))
}

async function readJson<S extends z.ZodType>(path: string, schema: S): Promise<z.output<S>> {
  return schema.parse(JSON.parse(await readFile(path, 'utf8')))
}

/** Reads the world from `folder` (`assets/sample/world`). */
export async function readWorld(folder: string): Promise<World> {
  const rowsOf = new Map<string, Row[]>()
  for (const table of tables) rowsOf.set(table, await readTable(folder, table))
  rowsOf.set('cities', withContinents(rowsOf.get('cities') ?? [], rowsOf.get('countries') ?? []))
  const ambiguous = ambiguousNames(rowsOf)
  for (const [table, rows] of rowsOf) {
    rowsOf.set(
      table,
      rows.filter((row) => !ambiguous.has(nameOf(row).toLowerCase()))
    )
  }
  const relations = await readJson(join(folder, 'relations.json'), z.array(relationSchema))
  return {
    names: new Map([...rowsOf].map(([table, rows]) => [table, rows.map(nameOf)])),
    relations: relations.map((relation) => ({
      ...relation,
      facts: (rowsOf.get(relation.table) ?? [])
        .map((row) => ({ subject: nameOf(row), object: row[relation.column] }))
        .filter((fact) => fact.object !== '')
    })),
    ordinarySentences: await readJson(join(folder, 'ordinary-sentences.json'), z.array(z.string())),
    classification: await readJson(join(folder, 'classification.json'), classificationSchema)
  }
}
