/** Project files of schema 3, and what an independent reader found in them: see test/fixtures/schema-3/README.md. */
import { createHash } from 'node:crypto'
import { copyFile, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { z } from 'zod'
import type { Scores } from '#engine/common/contract/evaluation.ts'
import type { CurvePoint, KeptPrediction } from '#engine/common/contract/runs.ts'
import { tuningSettingsSchema } from '#engine/common/contract/tuning.ts'
import { openConnection } from '#store/file/connection.ts'
import { temporaryFolder } from '#test/support/temporary-folder.ts'

export const repository = join(import.meta.dirname, '../..')
export const schema3 = join(repository, 'test/fixtures/schema-3')

const fingerprint = z.object({ table: z.string(), tokenizer: z.string() })
const model = z.object({ name: z.string(), fingerprint })
const task = z.object({ name: z.string(), sha256: z.string() })
const device = z.object({ asked: z.string(), used: z.string() })
const versions = z.record(z.string(), z.string())
/** How many, and a hash of them. */
const counted = z.tuple([z.int(), z.string()])
/** How many, a hash of the words and one of the numbers. */
const predictions = z.tuple([z.int(), z.string(), z.string()])
const skipped = z.record(z.string(), z.int())

const transferManifest = z.object({
  sources: z.array(
    z.object({ model, prompt: z.object({ name: z.string(), sha256: z.string() }), weight: z.number() })
  ),
  target: model,
  anchors: z.object({ name: z.string(), hash: z.string(), count: z.int() }),
  mask: z.looseObject({ kind: z.string() }),
  solver: z.looseObject({ kind: z.string(), seed: z.int().optional(), snapshotEvery: z.int().optional() }),
  rescale: z.string(),
  task: z.string().nullable(),
  relation: z.string().nullable(),
  template: z.string().nullable(),
  selection: z.string(),
  device,
  versions
})

const evaluationManifest = z.object({
  contestant: z.object({
    kind: z.enum(['prompt', 'manual', 'random']),
    sha256: z.string().optional(),
    vectors: z.int().optional(),
    seed: z.int().optional()
  }),
  model,
  task,
  template: z.string(),
  split: z.string(),
  rankWithin: z.string(),
  limit: z.int().nullable(),
  skipped,
  candidates: z.int().nullable()
})

const expectedSchema = z.object({
  counts: z.record(z.string(), z.int()),
  models: z.array(z.object({ id: z.string(), name: z.string(), fingerprint })),
  anchorSets: z.array(z.tuple([z.string(), z.string(), z.int(), z.string(), z.string()])),
  tasks: z.array(z.tuple([z.string(), z.string(), z.string()])),
  prompts: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      shape: z.tuple([z.int(), z.int()]),
      sha256: z.string(),
      model: z.string().nullable(),
      task: z.string().nullable(),
      relation: z.string().nullable(),
      template: z.string().nullable(),
      origin: z.tuple([z.string(), z.string()])
    })
  ),
  runs: z.array(
    z.object({
      id: z.string(),
      job: z.string().nullable(),
      name: z.string(),
      manifest: transferManifest,
      meanMatching: z.number(),
      matching: z.array(z.number()),
      expressible: z.array(z.number()),
      report: z.string(),
      prompt: z.string().nullable(),
      promptSha256: z.string().nullable(),
      loss: counted.nullable(),
      chosenStep: z.int().nullable(),
      seconds: z.number(),
      createdAt: z.int(),
      tags: z.array(z.string()),
      notes: z.array(z.string())
    })
  ),
  evaluations: z.array(
    z.object({
      id: z.string(),
      job: z.string().nullable(),
      prompt: z.string().nullable(),
      manifest: evaluationManifest,
      scores: z.array(z.number()),
      predictions,
      seconds: z.number(),
      createdAt: z.int()
    })
  ),
  tunings: z.array(
    z.object({
      id: z.string(),
      job: z.string().nullable(),
      manifest: z.object({
        model,
        task,
        start: z.looseObject({ kind: z.string() }),
        template: z.string(),
        settings: tuningSettingsSchema,
        seed: z.int(),
        selection: z.string(),
        ended: z.string(),
        examples: z.unknown(),
        device,
        versions
      }),
      loss: counted,
      validations: z.array(z.object({ step: z.int(), accuracy: z.number(), meanReciprocalRank: z.number() })),
      chosenStep: z.int(),
      seconds: z.number(),
      createdAt: z.int()
    })
  ),
  studies: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      createdAt: z.int(),
      anchors: z.tuple([z.string(), z.int()]),
      groups: z.array(z.tuple([z.string(), z.string(), z.string()])),
      /** Places in `results`; an id where there is no result yet. */
      experiments: z.record(z.string(), z.array(z.union([z.int(), z.string()])))
    })
  ),
  results: z.array(
    z.object({
      id: z.string(),
      manifest: z.object({
        inputs: z.looseObject({ prompt: z.string().nullable() }),
        template: z.string(),
        device,
        versions
      }),
      scores: z.array(z.number()),
      skipped,
      predictions,
      matching: z.number().nullable(),
      selection: z.string(),
      chosenStep: z.int().nullable(),
      curve: counted,
      notes: z.array(z.string()),
      seconds: z.number(),
      createdAt: z.int()
    })
  ),
  studyPrompts: z.array(
    z.object({
      id: z.string(),
      shape: z.tuple([z.int(), z.int()]),
      sha256: z.string(),
      tuning: z.object({
        template: z.string(),
        chosenStep: z.int(),
        selection: z.string(),
        device: z.string(),
        seconds: z.number(),
        versions
      }),
      createdAt: z.int()
    })
  ),
  jobs: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      state: z.string(),
      settings: z.union([z.string(), z.looseObject({ kind: z.string(), studyId: z.string().optional() })]),
      finished: z.int(),
      left: z.array(
        z.object({
          label: z.string(),
          state: z.string(),
          attempts: z.int(),
          work: z.looseObject({ kind: z.string() }),
          error: z.string().nullable()
        })
      )
    })
  ),
  projectNotes: z.array(z.string()),
  views: z.record(z.string(), z.json())
})
export type Expected = z.output<typeof expectedSchema>

/** `{"$": n}` stands for entry `n` of `shared`. */
function expand(value: unknown, shared: readonly unknown[]): unknown {
  if (Array.isArray(value)) return value.map((inner) => expand(inner, shared))
  if (typeof value !== 'object' || value === null) return value
  if ('$' in value && typeof value.$ === 'number') return expand(shared[value.$], shared)
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, expand(inner, shared)]))
}

export async function readExpected(name: 'everything' | 'unfinished'): Promise<Expected> {
  const text = await readFile(join(schema3, `${name}.expected.json`), 'utf8')
  const { shared, ...document } = z.looseObject({ shared: z.array(z.unknown()) }).parse(JSON.parse(text))
  return expectedSchema.parse(expand(document, shared))
}

/** The path of a copy of a project file, in a folder of its own. */
export async function copyOf(path: string): Promise<string> {
  const copy = join(await temporaryFolder(), 'old.anchorage')
  await copyFile(path, copy)
  return copy
}

/** The first 16 hexadecimal digits of the SHA-256. */
export function shortHash(data: string | Buffer): string {
  return createHash('sha256').update(data).digest('hex').slice(0, 16)
}

function hashDoubles(values: readonly number[]): string {
  const bytes = Buffer.alloc(8 * values.length)
  for (const [index, value] of values.entries()) bytes.writeDoubleLE(value, 8 * index)
  return shortHash(bytes)
}

export function lossOf(loss: Float64Array | null): [number, string] | null {
  return loss === null ? null : [loss.length, hashDoubles([...loss])]
}

export function curveOf(curve: readonly CurvePoint[]): [number, string] {
  const values = curve.flatMap(({ step, matching, accuracy, meanReciprocalRank }) => [
    step,
    matching ?? Number.NaN,
    accuracy,
    meanReciprocalRank
  ])
  return [curve.length, hashDoubles(values)]
}

export function scoresOf(scores: Scores | null): number[] | null {
  if (scores === null) return null
  const { examples, accuracy, accuracyInterval, precisionAt10, meanReciprocalRank, meanLoss } = scores
  return [
    examples,
    accuracy,
    accuracyInterval.low,
    accuracyInterval.high,
    precisionAt10,
    meanReciprocalRank,
    meanLoss
  ]
}

/** Of an evaluation: with input, label and the probabilities of the best words. */
export function fullPredictions(kept: readonly KeptPrediction[]): [number, string, string] {
  const lines = kept.map(({ example, input, label, rank, top }) =>
    [example, input, label, rank, ...top.map(({ word }) => word)].join('\t').concat('\n')
  )
  const numbers = kept.flatMap(({ loss, top }) => [
    loss,
    ...top.map(({ probability }) => probability ?? Number.NaN)
  ])
  return [kept.length, shortHash(lines.join('')), hashDoubles(numbers)]
}

/** Of a result of a study: with the best word alone. */
export function shortPredictions(kept: readonly KeptPrediction[]): [number, string, string] {
  const lines = kept.map(({ example, rank, top }) => `${example}\t${rank}\t${top[0]?.word}\n`)
  return [kept.length, shortHash(lines.join('')), hashDoubles(kept.map(({ loss }) => loss))]
}

/** Where the checkout lay in which the fixtures were made. */
const madeIn = '/opt/anchorage'

/**
 * A copy of unfinished.anchorage whose models, tasks and studies lie in this checkout.
 * @param places of other folders than the checkout's, by their path in it
 * @param later milliseconds by which everything was stored later
 */
export async function unfinishedHere(
  places: Readonly<Record<string, string>> = {},
  later = 0
): Promise<string> {
  const path = await copyOf(`${schema3}/unfinished.anchorage`)
  const connection = await openConnection(path, 'read-write')
  const moved = (text: string): string => {
    const elsewhere = Object.entries(places).reduce(
      (changed, [from, to]) => changed.replaceAll(join(madeIn, from), to),
      text
    )
    return elsewhere.replaceAll(madeIn, repository)
  }
  for (const [table, column] of [
    ['models', 'reference'],
    ['tasks', 'source']
  ] as const) {
    const rows = await connection.all(`SELECT id, ${column} AS text FROM ${table}`)
    for (const { id, text } of z.array(z.object({ id: z.string(), text: z.string() })).parse(rows))
      await connection.run(`UPDATE ${table} SET ${column} = ? WHERE id = ?`, [moved(text), id])
  }
  const rows = await connection.all('SELECT id, plan FROM studies')
  for (const { id, plan } of z.array(z.object({ id: z.string(), plan: z.instanceof(Buffer) })).parse(rows)) {
    const here = moved(gunzipSync(plan).toString('utf8'))
    await connection.run('UPDATE studies SET plan = ? WHERE id = ?', [gzipSync(here), id])
  }
  for (const table of ['runs', 'evaluations', 'tunings', 'study_results', 'study_prompts'])
    await connection.run(`UPDATE ${table} SET created_at = created_at + ?`, [later])
  await connection.close()
  return path
}
