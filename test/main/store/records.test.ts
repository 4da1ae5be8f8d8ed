/** What is written comes back equal; what makes no sense is refused; long lists come by the page and by index. */
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { type RunManifest, runInputs, runManifestSchema } from '#engine/common/contract/runs.ts'
import { openConnection } from '#store/file/connection.ts'
import { createStore, type ProjectStore } from '#store/project-store.ts'
import { hashVectors } from '#store/records/prompts.ts'
import { hashContent } from '#store/records/row.ts'
import { runPageSql } from '#store/records/runs.ts'
import { taskEntry } from '#test/support/mix-lists.ts'
import {
  evaluatedRun,
  sampleAnchors,
  samplePrompt,
  sampleReport,
  sampleRun
} from '#test/support/sample-records.ts'
import { temporaryFolder } from '#test/support/temporary-folder.ts'

async function withStore(body: (store: ProjectStore) => Promise<void>): Promise<void> {
  const store = await createStore(join(await temporaryFolder(), 'experiment.anchorage'))
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
  it('tasks, one of the same content with its new place and what is said of it now', () =>
    withStore(async (store) => {
      const { source, summary } = taskEntry('P19')
      const id = await store.write(({ tasks }) => tasks.keep(source, summary))
      const moved = { ...source, folder: '/elsewhere/P19' }
      const told = { ...summary, relation: { label: 'place of birth', kind: 'N-1' as const } }
      expect(await store.write(({ tasks }) => tasks.keep(moved, told))).toBe(id)
      expect(await store.read.tasks.list()).toMatchObject([{ id, source: moved, summary: told }])
    }))

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
      expect(await store.read.models.alike(report.fingerprint)).toEqual([model])
    }))

  it('anchor sets, in their order', () =>
    withStore(async (store) => {
      const id = await store.write(({ anchorSets }) => anchorSets.add(sampleAnchors))
      expect(await store.read.anchorSets.get(id)).toEqual({ id, set: sampleAnchors })
      expect(await store.read.anchorSets.byHash(sampleAnchors.hash)).toEqual({ id, set: sampleAnchors })
      expect(await store.read.anchorSets.list()).toMatchObject([{ id, name: 'common words', count: 3 }])
    }))

  it('runs, with their loss curve, predictions and the prompt they found', () =>
    withStore(async (store) => {
      const loss = Float64Array.from([0.5, 1 / 3, Math.PI])
      const given = { ...evaluatedRun(sampleRun('P19')), loss, chosenStep: 1, notes: ['a remark'] }
      const { runId, promptId } = await store.write(async ({ runs, prompts }) => {
        const run = await runs.put(given)
        const origin = { kind: 'run' as const, run }
        const prompt = await prompts.add({ ...samplePrompt('P19', 6), origin })
        await runs.linkPrompt(run, prompt)
        return { runId: run, promptId: prompt }
      })
      const { cellId: _, predictions, evaluationSeconds: __, ...kept } = given
      expect(await store.read.runs.get(runId)).toMatchObject({ ...kept, promptId })
      expect(await store.read.runs.predictions(runId)).toEqual(predictions)
      expect((await store.read.prompts.get(promptId))?.prompt.origin).toEqual({ kind: 'run', run: runId })
    }))

  it('outcomes of runs in the order asked for, of more than one query asks for; none of what is not evaluated', () =>
    withStore(async (store) => {
      const evaluated = evaluatedRun(sampleRun('P19'))
      const [one, other] = await store.write(async ({ runs }) => [
        await runs.put(evaluated),
        await runs.put(sampleRun('P20'))
      ])
      const ids = [other, ...Array.from({ length: 501 }, () => one)]
      const found = await store.read.runs.outcomes(ids)
      expect(found.map(({ id }) => id)).toEqual(ids)
      const expected = evaluated.predictions?.map(({ example, rank }) => ({ example, rank })) ?? []
      expect(expected.length).toBeGreaterThan(0)
      expect(found[0].predictions).toEqual([])
      expect(found.at(-1)?.predictions).toEqual(expected)
      await expect(store.read.runs.outcomes([one, 'gone'])).rejects.toMatchObject({ code: 'not-found' })
    }))

  it('runs, known by their inputs: the same inputs are one run, and an evaluation completes it', () =>
    withStore(async (store) => {
      const found = sampleRun('P19')
      const id = await store.write(({ runs }) => runs.put(found))
      expect(id).toBe(hashContent(runInputs(found.manifest)))
      const again = { ...found, name: 'again', seconds: 9 }
      expect(await store.write(({ runs }) => runs.put(again))).toBe(id)
      // An evaluation that knows nothing of the search leaves what it found.
      const evaluated = { ...evaluatedRun(found), report: null, matching: null }
      expect(await store.write(({ runs }) => runs.put(evaluated))).toBe(id)
      expect(await store.read.runs.get(id)).toMatchObject({
        report: found.report,
        matching: 0.9,
        scores: { accuracy: 1 }
      })
      const hash = hashContent(runInputs(evaluated.manifest))
      expect((await store.read.runs.byInputs(hash))?.id).toBe(id)
      // What is told of the search is the search's: an evaluation by itself has no rule that chose, and another device.
      const plain = { ...evaluated.manifest, selection: 'none' as const, device: { asked: 'x', used: 'x' } }
      await store.write(({ runs }) => runs.put({ ...evaluated, manifest: plain }))
      expect((await store.read.runs.get(id))?.manifest).toMatchObject({
        selection: 'exact',
        device: found.manifest.device,
        task: { name: 'P19' }
      })
      // Another task is another run of the same condition.
      const task = { name: 'P20', sha256: 'ef' }
      const other = { ...evaluated, manifest: { ...evaluated.manifest, task } }
      expect(await store.write(({ runs }) => runs.put(other))).not.toBe(id)
      const conditions = (await store.read.runs.overview()).map(({ conditionId }) => conditionId)
      expect(conditions).toHaveLength(2)
      expect(new Set(conditions).size).toBe(1)
    }))

  it('notes, on the project and on runs, changed and removed', () =>
    withStore(async (store) => {
      const run = await store.write(({ runs }) => runs.put(sampleRun('P19')))
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
    }))

  it('by the database where two would be the same', () =>
    withStore(async (store) => {
      await store.write(({ anchorSets }) => anchorSets.add(sampleAnchors))
      await expect(store.write(({ anchorSets }) => anchorSets.add(sampleAnchors))).rejects.toThrow(/UNIQUE/)
    }))
})

describe('the inputs of a run', () => {
  const hash = (manifest: RunManifest) => hashContent(runInputs(manifest))

  it('have one hash, whatever the order of their fields, device and names; and another for other settings', () => {
    const { manifest } = sampleRun('P19')
    const reordered = { ...manifest, ...Object.fromEntries(Object.entries(manifest).reverse()) }
    expect(hash(reordered)).toBe(hash(manifest))
    expect(hash({ ...manifest, device: { asked: 'cpu', used: 'cpu' }, versions: {} })).toBe(hash(manifest))
    expect(hash({ ...manifest, method: { kind: 'exact', ridge: 0.2 } })).not.toBe(hash(manifest))
    expect(hash({ ...manifest, template: '[X] [V1] [V2] [MASK] .' })).toBe(hash(manifest))
    expect(hash({ ...manifest, template: '[V1] [V2] [X] [MASK] .' })).not.toBe(hash(manifest))
  })
})

it('centring is named where there is some: what older versions made keeps its id', () => {
  const { manifest } = sampleRun('P19')
  const { centre: _, ...older } = manifest
  const hash = (one: RunManifest) => hashContent(runInputs(one))
  expect(runInputs(manifest)).not.toHaveProperty('centre')
  expect(hash(runManifestSchema.parse(older))).toBe(hash(manifest))
  expect(hash({ ...manifest, centre: 'mean' })).not.toBe(hash(manifest))
})

describe('ten thousand runs', () => {
  it('come by the page, sorted through an index', () =>
    withStore(async (store) => {
      const total = 10_000
      await store.write(async ({ runs }) => {
        for (let i = 0; i < total; i++)
          await runs.put(sampleRun(`run ${i % 100}`, ((i * 7919) % total) / total))
      })
      expect(await store.read.runs.count()).toBe(total)
      const page = await store.read.runs.page({
        sort: 'matching',
        descending: true,
        offset: 4_000,
        limit: 50
      })
      expect(page.map(({ matching }) => matching)).toEqual(
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
        ['matching', 'runs_by_matching'],
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
