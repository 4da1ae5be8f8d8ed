/** What is written comes back equal; what makes no sense is refused; long lists come by the page and by index. */
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { openConnection } from '#store/file/connection.ts'
import { createStore, type ProjectStore } from '#store/project-store.ts'
import { hashManifest } from '#store/records/manifest.ts'
import { hashVectors } from '#store/records/prompts.ts'
import { runPageSql } from '#store/records/runs.ts'
import {
  sampleAnchors,
  samplePrompt,
  sampleReport,
  sampleRun,
  sampleSettings
} from '#test/support/sample-records.ts'
import { temporaryFolder } from '#test/support/temporary-folder.ts'

async function withStore(body: (store: ProjectStore) => Promise<void>): Promise<void> {
  const store = await createStore(join(await temporaryFolder(), 'study.anchorage'))
  try {
    await body(store)
  } finally {
    await store.close()
  }
}

function bits(values: Float32Array): number[] {
  return [...new Uint32Array(values.buffer, values.byteOffset, values.length)]
}

describe('records come back as they were', () => {
  it('prompts, bit for bit, found by model, relation and hash', () =>
    withStore(async (store) => {
      const [first, second] = [samplePrompt('P19', 4, 'P19'), samplePrompt('P20', 4, 'P20')]
      const id = await store.write(({ prompts }) => prompts.add(first))
      await store.write(({ prompts }) => prompts.add(second))
      const found = await store.read.prompts.get(id)
      expect(found?.prompt).toEqual(first)
      expect(bits(found?.prompt.vectors.data ?? new Float32Array())).toEqual(bits(first.vectors.data))
      const list = await store.read.prompts.list({ tableFingerprint: 'table of bert', relation: 'P19' })
      expect(list.map((prompt) => prompt.id)).toEqual([id])
      expect(await store.read.prompts.list()).toHaveLength(2)
      expect((await store.read.prompts.bySha256(hashVectors(first.vectors))).map((same) => same.id)).toEqual([
        id
      ])
    }))

  it('a prompt of which only a part of a larger buffer is the vectors', () =>
    withStore(async (store) => {
      const whole = Float32Array.from({ length: 20 }, (_, i) => i / 3)
      const vectors = { rows: 2, columns: 4, data: whole.subarray(5, 13) }
      const id = await store.write(({ prompts }) => prompts.add({ ...samplePrompt('part', 4), vectors }))
      expect((await store.read.prompts.get(id))?.prompt.vectors.data).toEqual(whole.slice(5, 13))
    }))

  it('models, updated in place', () =>
    withStore(async (store) => {
      const report = sampleReport('bert', 4)
      const id = await store.write(({ models }) => models.add({ folder: '/old' }, report))
      await store.write(({ models }) => models.update(id, { folder: '/new' }, { ...report, folder: '/new' }))
      const [model, ...others] = await store.read.models.list()
      expect(others).toEqual([])
      expect(model).toMatchObject({ id, reference: { folder: '/new' }, report: { folder: '/new' } })
      expect(await store.read.models.byFingerprint(report.fingerprint)).toEqual(model)
    }))

  it('anchor sets, in their order', () =>
    withStore(async (store) => {
      const id = await store.write(({ anchorSets }) => anchorSets.add(sampleAnchors))
      expect(await store.read.anchorSets.get(id)).toEqual({ id, set: sampleAnchors })
      expect(await store.read.anchorSets.byHash(sampleAnchors.hash)).toEqual({ id, set: sampleAnchors })
      expect(await store.read.anchorSets.list()).toMatchObject([{ id, name: 'common words', count: 3 }])
    }))

  it('runs, with their curve and the prompt they made', () =>
    withStore(async (store) => {
      const search = { loss: Float64Array.from([0.5, 1 / 3, Math.PI]), chosenStep: 1 }
      const { runId, promptId } = await store.write(async ({ runs, prompts }) => {
        const run = await runs.add({ ...sampleRun('P19'), search })
        const origin = { kind: 'run' as const, run }
        return { runId: run, promptId: await prompts.add({ ...samplePrompt('P19', 6), origin }) }
      })
      const run = await store.read.runs.get(runId)
      expect(run).toMatchObject({ ...sampleRun('P19'), search, promptId })
      expect((await store.read.prompts.byRun(runId))?.prompt.origin).toEqual({ kind: 'run', run: runId })
    }))

  it('notes, on the project and on runs, changed and removed', () =>
    withStore(async (store) => {
      const run = await store.write(({ runs }) => runs.add(sampleRun('P19')))
      const onRun = await store.write(({ notes }) => notes.add(run, 'odd'))
      const onProject = await store.write(({ notes }) => notes.add(null, 'plan'))
      await store.write(({ notes }) => notes.change(onRun, 'odd: see the curve'))
      await store.write(({ notes }) => notes.remove(onProject))
      expect((await store.read.notes.list(run)).map(({ text }) => text)).toEqual(['odd: see the curve'])
      expect(await store.read.notes.list(null)).toEqual([])
    }))
})

describe('records that make no sense are refused', () => {
  it('before they are written', () =>
    withStore(async (store) => {
      const bad = { ...samplePrompt('P19', 4), vectors: { rows: 3, columns: 4, data: new Float32Array(8) } }
      await expect(store.write(({ prompts }) => prompts.add(bad))).rejects.toMatchObject({
        code: 'bad-value',
        detail: { found: expect.stringContaining('rows × columns') }
      })
      await expect(store.write(({ notes }) => notes.add(null, ''))).rejects.toMatchObject({
        code: 'bad-value'
      })
      const empty = { title: 'job', settings: { ...sampleSettings, sources: [] }, cells: [] }
      await expect(store.write(({ jobs }) => jobs.add(empty))).rejects.toMatchObject({ code: 'bad-value' })
    }))

  it('by the database where two would be the same', () =>
    withStore(async (store) => {
      await store.write(({ anchorSets }) => anchorSets.add(sampleAnchors))
      await expect(store.write(({ anchorSets }) => anchorSets.add(sampleAnchors))).rejects.toThrow(/UNIQUE/)
    }))
})

describe('a manifest', () => {
  it('has one hash, whatever the order of its fields, and another for other settings', () => {
    const { manifest } = sampleRun('P19')
    const reordered = { ...Object.fromEntries(Object.entries(manifest).reverse()), kind: manifest.kind }
    expect(JSON.stringify(reordered)).not.toBe(JSON.stringify(manifest))
    expect(hashManifest({ ...manifest, ...reordered })).toBe(hashManifest(manifest))
    expect(hashManifest({ ...manifest, solver: { kind: 'exact', ridge: 0.2 } })).not.toBe(
      hashManifest(manifest)
    )
  })
})

describe('ten thousand runs', () => {
  it('come by the page, sorted through an index', () =>
    withStore(async (store) => {
      const total = 10_000
      await store.write(async ({ runs }) => {
        for (let i = 0; i < total; i++)
          await runs.add(sampleRun(`run ${i % 100}`, ((i * 7919) % total) / total))
      })
      expect(await store.read.runs.count()).toBe(total)
      const page = await store.read.runs.page({
        sort: 'meanMatching',
        descending: true,
        offset: 4_000,
        limit: 50
      })
      expect(page.map(({ meanMatching }) => meanMatching)).toEqual(
        Array.from({ length: 50 }, (_, i) => (total - 1 - 4_000 - i) / total)
      )
      const all = new Set<string>()
      for (let offset = 0; offset < total; offset += 2_500) {
        const part = await store.read.runs.page({ sort: 'name', descending: false, offset, limit: 2_500 })
        for (const { id } of part) all.add(id)
      }
      expect(all.size).toBe(total)

      const connection = await openConnection(store.path, 'read-only')
      for (const [sort, index] of [
        ['createdAt', 'runs_by_created_at'],
        ['name', 'runs_by_name'],
        ['meanMatching', 'runs_by_mean_matching'],
        ['seconds', 'runs_by_seconds']
      ] as const) {
        for (const descending of [true, false]) {
          const rows = await connection.all(`EXPLAIN QUERY PLAN ${runPageSql(sort, descending)}`, [50, 4_000])
          const plan = z
            .array(z.object({ detail: z.string() }))
            .parse(rows)
            .map(({ detail }) => detail)
          expect(plan.join('\n')).toContain(`USING INDEX ${index}`)
          expect(plan.join('\n')).not.toContain('TEMP B-TREE')
        }
      }
      await connection.close()
    }))
})
