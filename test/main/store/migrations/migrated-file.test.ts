/** What becomes of the file of schema 3 itself, of its plans and views, and of rows that the fixtures do not have. */
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gunzipSync, gzipSync } from 'node:zlib'
import { describe, expect, it, onTestFinished } from 'vitest'
import { z } from 'zod'
import { runInputs } from '#engine/common/contract/runs.ts'
import { planId, readPlan } from '#main/experiments/execute/stored-experiment.ts'
import { openConnection } from '#store/file/connection.ts'
import { openStore, openStoreToRead, type ProjectStore } from '#store/project-store.ts'
import { hashContent, requireFound } from '#store/records/row.ts'
import {
  copyOf,
  fullPredictions,
  lossOf,
  readExpected,
  repository,
  schema3,
  shortHash
} from '#test/support/schema-3.ts'

const everything = join(schema3, 'everything.anchorage')

async function open(path: string): Promise<ProjectStore> {
  const store = await openStore(path)
  onTestFinished(() => store.close())
  return store
}

/** Every row of every table, as SQLite has them. */
async function contentOf(path: string): Promise<unknown> {
  const connection = await openConnection(path, 'read-only')
  const named = await connection.all(`SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name`)
  const tables = z.array(z.object({ name: z.string() })).parse(named)
  const rows = await Promise.all(
    tables.map(async ({ name }) => [name, await connection.all(`SELECT * FROM "${name}"`)])
  )
  const version = await connection.get('PRAGMA user_version')
  await connection.close()
  return { version, rows }
}

/** A copy of everything.anchorage with a change. */
async function changed(sql: string): Promise<string> {
  const path = await copyOf(everything)
  const connection = await openConnection(path, 'read-write')
  await connection.execute(sql)
  await connection.close()
  return path
}

async function sha256(path: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(path))
    .digest('hex')
}

/** What older versions did not know and what reads as not asked for: centring, few labels, and what experiments do not choose. */
const asBefore: Readonly<Record<string, unknown>> = {
  centre: 'none',
  evaluation: { split: 'test', rankWithin: 'candidates', wordsKept: 1 },
  anchorsName: 'shared words',
  labels: null,
  start: null
}

/** A plan without that; templates of cells and tunings with it, where those of tasks and of files are named by a text. */
function inOldWords(plan: unknown): unknown {
  return JSON.parse(
    JSON.stringify(plan, function (this: object, key, value: unknown) {
      if (key === 'template' && value === null && !('sha256' in this)) return undefined
      return key in asBefore && JSON.stringify(asBefore[key]) === JSON.stringify(value) ? undefined : value
    })
  )
}

describe('a project file of schema 3', () => {
  it('is backed up before, with every row as it was', async () => {
    const { backup } = await open(await copyOf(everything))
    expect(backup).toContain('before-version-3')
    expect(await contentOf(backup ?? '')).toEqual(await contentOf(everything))
  })

  it('is left as it was by whoever opens it to read', async () => {
    const path = await copyOf(everything)
    await expect(openStoreToRead(path)).rejects.toMatchObject({ code: 'unsupported' })
    expect(await sha256(path)).toBe(await sha256(everything))
  })

  it.each([
    ['a run', `UPDATE runs SET report = '{}' WHERE rowid = 7`],
    ['a result of a study', `UPDATE study_results SET result = (SELECT plan FROM studies) WHERE rowid = 9`],
    ['a tuning', `UPDATE tunings SET manifest = json_remove(manifest, '$.seed') WHERE rowid = 2`]
  ])('is left as it was where %s in it does not make sense, which the error names', async (what, sql) => {
    const path = await changed(sql)
    const before = await contentOf(path)
    await expect(openStore(path)).rejects.toMatchObject({
      code: 'project-malformed',
      detail: { where: what }
    })
    expect(await contentOf(path)).toEqual(before)
  })

  it('has its plans as they were, in the words of now, under the hash of their content', async () => {
    const path = await copyOf(everything)
    const connection = await openConnection(path, 'read-write')
    const rows = z
      .array(z.object({ id: z.string(), plan: z.instanceof(Buffer) }))
      .parse(await connection.all('SELECT id, plan FROM studies ORDER BY created_at, rowid'))
    const plans: string[] = []
    for (const { id, plan } of rows) {
      // One section of each says no, where those of the fixture all say yes.
      const text = gunzipSync(plan)
        .toString('utf8')
        .replace('"carriedToItself":true', '"carriedToItself":false')
      await connection.run('UPDATE studies SET plan = ? WHERE id = ?', [gzipSync(text), id])
      plans.push(text.replaceAll('"carriedToItself":', '"includeSelfTransfer":'))
    }
    await connection.close()
    expect(plans.every((text) => text.includes('"includeSelfTransfer":false'))).toBe(true)
    const { read } = await open(path)
    const experiments = (await read.experiments.list()).toReversed()
    expect(experiments).toHaveLength(plans.length)
    for (const [index, { id }] of experiments.entries()) {
      const {
        study,
        experiments: sections,
        ...old
      } = z
        .looseObject({ study: z.looseObject({ experiments: z.unknown() }), experiments: z.unknown() })
        .parse(JSON.parse(plans[index] ?? ''))
      const { experiments: filed, ...experiment } = study
      const now = await readPlan(read, id)
      expect(inOldWords(now)).toEqual({ ...old, experiment: { ...experiment, sections: filed }, sections })
      expect(planId(now)).toBe(id)
    }
  })

  it('has the views that it had, with columns of the table of runs by their names of now', async () => {
    const view = {
      filter: 'target:tiny-gpt2 -solver:adam Search:exact solver',
      sorting: [{ id: 'solver', desc: true }],
      groupBy: 'solver',
      hidden: ['mask', 'solver'],
      pinned: ['name'],
      baselineId: null
    }
    const path = await changed(`UPDATE views SET state = '${JSON.stringify(view)}' WHERE name = 'runs'`)
    const { read } = await open(path)
    expect((await read.views.all()).runs).toEqual({
      ...view,
      filter: 'target:tiny-gpt2 -method:adam method:exact solver',
      sorting: [{ id: 'method', desc: true }],
      groupBy: 'method',
      hidden: ['mask', 'method']
    })
  })

  it('keeps how long groups took', async () => {
    const { path } = await open(await copyOf(everything))
    const [old, now] = [
      await openConnection(everything, 'read-only'),
      await openConnection(path, 'read-only')
    ]
    expect(await now.all('SELECT * FROM group_times')).toEqual(await old.all('SELECT * FROM study_times'))
    await Promise.all([old.close(), now.close()])
  })
})

describe('what is there twice', () => {
  it('stays there twice, under the same inputs', async () => {
    const { read } = await open(await copyOf(everything))
    const runs = await read.runs.overview()
    const byInputs = new Map<string, typeof runs>()
    for (const run of runs) {
      const hash = hashContent(runInputs(run.manifest))
      byInputs.set(hash, [...(byInputs.get(hash) ?? []), run])
    }
    const twice = [...byInputs.values()].filter((alike) => alike.length > 1)
    expect(twice.length).toBeGreaterThan(0)
    for (const alike of twice) {
      // Computed again, or by an experiment and besides: the same accuracy, each under its own id.
      expect(new Set(alike.map(({ scores }) => scores?.accuracy)).size).toBe(1)
    }
  })
})

describe('how a prompt was tuned', () => {
  it('is the same as in a study only from a random start in the usual template', async () => {
    const { tunings, studyPrompts } = await readExpected('everything')
    const { read } = await open(await copyOf(everything))
    const recipes = new Map<string, string | null>()
    for (const { id } of tunings) recipes.set(id, (await read.runs.get(id))?.manifest.prompt?.recipe ?? null)
    expect(new Set(recipes.values()).size).toBe(tunings.length)
    for (const { id, manifest } of tunings) {
      const { model, task, start, template, settings, seed } = manifest
      const inputs = { model: model.fingerprint, task: task.sha256, settings, seed }
      const usual = start.kind === 'random' && template === '[X] [V1] [V2] [V3] [MASK] .'
      const recipe = recipes.get(id)
      if (usual) expect(recipe).toBe(hashContent({ ...inputs, length: 3 }))
      else expect(recipe).not.toBe(hashContent({ ...inputs, length: 3 }))
      expect(await read.prompts.byRecipe(recipe ?? '')).toBeDefined()
    }
    expect(studyPrompts.some(({ id }) => [...recipes.values()].includes(id))).toBe(true)
  })

  it('stays known where the prompt is gone, and tells tunings apart', async () => {
    const { tunings } = await readExpected('everything')
    const { read } = await open(
      await changed(`DELETE FROM evaluations WHERE prompt_id IN (SELECT id FROM prompts WHERE origin ->> '$.tuning' IS NOT NULL);
        DELETE FROM prompts WHERE origin ->> '$.tuning' IS NOT NULL`)
    )
    const runs = await Promise.all(
      tunings.map(async ({ id }) => requireFound(await read.runs.get(id), 'run', id))
    )
    expect(runs.map(({ promptId, scores }) => [promptId, scores])).toEqual(tunings.map(() => [null, null]))
    expect(runs.map(({ manifest }) => manifest.length)).toEqual(tunings.map(() => 3))
    expect(new Set(runs.map(({ conditionId }) => conditionId)).size).toBe(tunings.length)
    expect(runs.map(({ loss }) => lossOf(loss))).toEqual(tunings.map(({ loss }) => loss))
  })
})

const sampleSchema = z.object({
  sha256: z.string(),
  prompts: z.array(z.tuple([z.string(), z.string()])),
  runs: z.array(z.tuple([z.string(), z.number(), z.string(), z.string(), z.string(), z.string().nullable()])),
  evaluations: z.array(
    z.tuple([z.string(), z.string(), z.number(), z.number(), z.number(), z.number(), z.string(), z.string()])
  )
})

/** The sample project as it shipped with schema 3: of this checkout or, where it is newer, of git. */
async function oldSample(hash: string): Promise<string | null> {
  const path = join(repository, 'assets/sample/Sample.anchorage')
  const copy = await copyOf(path)
  if ((await sha256(copy)) === hash) return copy
  const show = ['show', '59beef9:assets/sample/Sample.anchorage']
  const bytes = await promisify(execFile)('git', show, {
    cwd: repository,
    encoding: 'buffer',
    maxBuffer: 2 ** 28
  }).catch(() => null)
  if (bytes === null) return null
  await writeFile(copy, bytes.stdout)
  return copy
}

it('the sample project of schema 3 has every run with its evaluation', async (context) => {
  const text = await readFile(join(schema3, 'Sample.expected.json'), 'utf8')
  const expected = sampleSchema.parse(JSON.parse(text))
  const path = await oldSample(expected.sha256)
  if (path === null) return context.skip('the history of this checkout does not reach back to schema 3')
  const { read } = await open(path)
  const prompts = new Map((await read.prompts.list()).map(({ id, sha256: hash }) => [id.slice(0, 8), hash]))
  expect([...prompts].map(([id, hash]) => [id, hash.slice(0, 16)]).toSorted()).toEqual(
    expected.prompts.toSorted()
  )
  const runs = await read.runs.overview()
  const byId = new Map(runs.map((run) => [run.id.slice(0, 8), run]))
  for (const [id, mean, promptHash, , report, loss] of expected.runs) {
    const run = requireFound(await read.runs.get(byId.get(id)?.id ?? ''), 'run', id)
    const weights = run.manifest.sources.reduce((sum, { weight }) => sum + weight, 0)
    expect(Math.abs((run.matching ?? Number.NaN) - mean / weights)).toBeLessThan(1e-14)
    expect(prompts.get(run.promptId?.slice(0, 8) ?? '')?.slice(0, 16)).toBe(promptHash)
    // The matching of random rows is younger than these reports.
    const { randomMatching = null, ...stored } = run.report ?? {}
    expect(randomMatching).toBeNull()
    const before = JSON.stringify(stored).replaceAll('"upperBound":', '"expressible":')
    expect(shortHash(run.report === null ? 'null' : before)).toBe(report)
    expect(lossOf(run.loss)?.[1] ?? null).toBe(loss)
  }
  const evaluated: unknown[] = []
  for (const { id, manifest, promptId, scores } of runs) {
    const { examples, accuracy, meanReciprocalRank, meanLoss } = requireFound(
      scores ?? undefined,
      'scores',
      id
    )
    const [, words, numbers] = fullPredictions((await read.runs.predictions(id)) ?? [])
    const what = promptId?.slice(0, 8) ?? manifest.method.kind
    evaluated.push([what, examples, accuracy, meanReciprocalRank, meanLoss, words, numbers])
  }
  const lines = (rows: readonly unknown[]) => rows.map((row) => JSON.stringify(row)).toSorted()
  expect(lines(evaluated)).toEqual(lines(expected.evaluations.map(([, ...row]) => row)))
})
