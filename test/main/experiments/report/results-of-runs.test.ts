/** The report of runs that no experiment file names: those of the sample's project, made by transfers, grids and evaluations. */
import { copyFile, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ExperimentResults } from '#main/experiments/execute/results.ts'
import { readRunsIn } from '#main/experiments/report/experiment-status.ts'
import { writeReport } from '#main/experiments/report/write-report.ts'
import { openStore, openStoreToRead } from '#store/project-store.ts'
import { requireFound } from '#store/records/row.ts'
import type { RunOverview } from '#store/records/runs.ts'

let folder: string
let project: string
let runs: readonly RunOverview[]
let results: ExperimentResults

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'anchorage-test-'))
  project = join(folder, 'Sample.anchorage')
  await copyFile(resolve('assets/sample/Sample.anchorage'), project)
  const store = await openStoreToRead(project)
  runs = await store.read.runs.overview()
  await store.close()
  results = await readRunsIn(project, {})
})

afterAll(() => rm(folder, { recursive: true }))

/** The micro average of the runs that a row of a table is about, from the scores that were stored with them. */
function storedAccuracy(row: Record<string, string>): number {
  const scores = runs.flatMap(({ manifest: { method, sources, target, anchors }, scores: one }) => {
    const names = sources.map(({ model }) => model.name).join(' + ')
    const isOf =
      method.kind === row['method'] &&
      names === row['sources'] &&
      target.name === row['target'] &&
      `${anchors?.count ?? ''}` === row['anchors']
    return isOf && one !== null ? [one] : []
  })
  const right = scores.reduce((sum, { accuracy, examples }) => sum + accuracy * examples, 0)
  return right / scores.reduce((sum, { examples }) => sum + examples, 0)
}

async function copyOf(name: string): Promise<string> {
  const path = join(folder, `${name}.anchorage`)
  await copyFile(project, path)
  return path
}

describe('the report of a project’s runs', () => {
  it('has a condition a row, with the accuracy of the scores that were stored', async () => {
    const place = join(folder, 'report')
    await writeReport(results, place)
    const tables = await Promise.all(
      ['runs', 'settings'].map(
        async (name): Promise<Record<string, string>[]> =>
          parse(await readFile(join(place, 'tables', `${name}.csv`), 'utf8'), { columns: true })
      )
    )
    expect(tables.map(({ length }) => length)).toEqual([13, 8])
    for (const row of tables.flat()) {
      expect(Number(row['mean'])).toBeCloseTo(storedAccuracy(row), 12)
      expect(row['task count']).toBe('22')
    }
    const anchors = tables[1]?.map((row) => row['anchors'])
    expect(anchors).toEqual(['64', '64', '128', '128', '256', '256', '512', '512'])
    // What has the usual settings decides the claims that it can decide.
    expect(await readFile(join(place, 'claims.csv'), 'utf8')).toMatch(/^Several sources help\..*,yes,/m)
    expect(await readFile(join(place, 'report.html'), 'utf8')).not.toContain('Experiment file')
  })

  it('is of those with a tag where one is given', async () => {
    const tagged = await copyOf('tagged')
    const chosen = runs.filter(({ manifest }) => manifest.method.kind === 'manual').slice(0, 3)
    const store = await openStore(tagged)
    await store.write(async (writer) => {
      for (const { id } of chosen) await writer.runs.tag(id, 'mine', true)
    })
    await store.close()
    const { results: found } = await readRunsIn(tagged, { tag: 'mine' })
    expect([...found.keys()].sort()).toEqual(chosen.map(({ id }) => id).sort())
    await expect(readRunsIn(tagged, { tag: 'other' })).rejects.toMatchObject({ code: 'not-found' })
  })

  it('is of the runs that are named, and of no others', async () => {
    const ids = runs.flatMap(({ id, scores }) => (scores === null ? [] : [id])).slice(3, 8)
    expect([...(await readRunsIn(project, { ids })).results.keys()].sort()).toEqual(ids.toSorted())
  })

  it.each([
    ['their prompts', 'counts runs that differ in their prompts alone as repetitions'],
    ['their template', 'tells runs that differ in their template apart']
  ])('of runs that differ in %s alone: %s', async (difference) => {
    const repeated = await copyOf(difference)
    const store = await openStore(repeated)
    const { id, manifest } = requireFound(
      runs.find((run) => run.manifest.sources.length === 1 && run.scores !== null),
      'run',
      'of one source'
    )
    const [source] = manifest.sources
    await store.write(async (writer) => {
      const run = requireFound(await writer.runs.get(id), 'run', id)
      const predictions = (await writer.runs.predictions(id)) ?? null
      const other = {
        ...requireFound(source, 'source', id),
        prompt: { name: 'x', sha256: 'f'.repeat(64), recipe: null }
      }
      const changed =
        difference === 'their prompts'
          ? { sources: [other] }
          : { template: '[V1] [V2] [V3] [V4] [V5] [X] [MASK]' }
      await writer.runs.put({
        ...run,
        cellId: null,
        evaluationSeconds: null,
        predictions,
        manifest: { ...manifest, ...changed }
      })
    })
    await store.close()
    const { sections } = await readRunsIn(repeated, {})
    const [runsSection] = sections
    const alike = runsSection?.cells.filter(
      ({ sources, target, task }) =>
        sources.length === 1 &&
        sources[0]?.model === source?.model.name &&
        target === manifest.target.name &&
        task.name === manifest.task?.name
    )
    const methods = alike?.map(({ method }) => method)
    if (difference === 'their prompts') {
      expect(alike?.map(({ seed }) => seed)).toEqual([1, 2])
      expect(methods).toEqual(['exact', 'exact'])
    } else {
      expect(alike?.map(({ seed }) => seed)).toEqual([null, null])
      expect(methods?.toSorted()).toEqual(['exact', 'exact, template [V1] [V2] [V3] [V4] [V5] [X] [MASK]'])
    }
  })
})
