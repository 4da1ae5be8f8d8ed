/** The workbench's services on a real project, with the real engine and the reference models. */
import { cp, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { AnchorSet } from '#engine/common/contract/anchors.ts'
import { writeJsonFile } from '#engine/common/files/write-whole.ts'
import { readPrompt } from '#engine/prompts/read-prompt.ts'
import { keepAnchorSet } from '#main/catalogue/anchor-sets.ts'
import { registerModel, relocateModel } from '#main/catalogue/models.ts'
import { importPrompts, importPromptTree } from '#main/catalogue/prompts.ts'
import { orderTransfer, type TransferOrder } from '#main/experiments/plan/order-transfer.ts'
import { repeatRun } from '#main/experiments/plan/repeat-run.ts'
import { exportRuns } from '#main/export/export-runs.ts'
import { createProject, openOrCreateProject, type Project } from '#main/project/project.ts'
import { engineInProcess } from '#test/support/engine-in-process.ts'
import { writePromptTree } from '#test/support/prompt-trees.ts'
import { referenceModelFolder } from '#test/support/reference-models.ts'
import { temporaryFolder } from '#test/support/temporary-folder.ts'

const bert = { folder: referenceModelFolder('bert') }
const roberta = { folder: referenceModelFolder('roberta') }
const gpt2 = { folder: referenceModelFolder('gpt2') }

type Workplace = { folder: string; project: Project; anchors: AnchorSet }

/** A project, prompt trees for two sources (widths 32 and 48), and anchors for the three models. */
async function workplace(): Promise<Workplace> {
  const folder = await temporaryFolder()
  await writePromptTree(join(folder, 'bert'), ['P19', 'P36', 'P103'], 5, 32)
  await writePromptTree(join(folder, 'roberta'), ['P19', 'P36', 'P140'], 5, 48)
  const engine = engineInProcess()
  const project = await createProject(join(folder, 'experiment.anchorage'), engine)
  onTestFinished(() => project.close())
  const anchors = await engine.call('anchors.build', {
    name: 'common',
    models: [bert, roberta, gpt2],
    recipe: {}
  })
  return { folder, project, anchors }
}

function treesOf(
  { folder, anchors }: Workplace,
  settings: Partial<TransferOrder['settings']> = {}
): TransferOrder {
  return {
    sources: [
      { model: bert, prompt: { path: join(folder, 'bert'), vectors: 5 }, weight: 1 },
      { model: roberta, prompt: { path: join(folder, 'roberta'), vectors: 5 }, weight: 0.5 }
    ],
    target: gpt2,
    anchors,
    settings: {
      mask: { kind: 'top-k', k: 40, from: 'sum' },
      centre: 'none',
      method: { kind: 'exact', ridge: 0.1 },
      rescale: 'after',
      device: 'auto',
      ...settings
    },
    evaluation: null,
    seeds: [3, 4],
    taskOf: () => null
  }
}

const byAdam = { kind: 'adam', learningRate: 5e-3, snapshotEvery: null } as const

const neverAborted = new AbortController().signal

async function runsOf({ store }: Project, jobId: string) {
  return await Promise.all((await store.read.runs.byJob(jobId)).map(({ id }) => store.read.runs.get(id)))
}

async function vectorsOf({ store }: Project, runId: string | undefined): Promise<Float32Array | undefined> {
  const run = await store.read.runs.get(runId ?? '')
  return (await store.read.prompts.get(run?.promptId ?? ''))?.prompt.vectors.data
}

describe('a transfer', () => {
  it('of two trees has a cell per common relation, a manifest per run, and a prompt that knows its run', async () => {
    const place = await workplace()
    const { project, anchors } = place
    const { jobId, notes } = await orderTransfer(project, treesOf(place), neverAborted)
    expect(notes).toEqual([expect.stringContaining('P103, P140')])
    expect(await project.queue.whenEnded(jobId)).toMatchObject({ state: 'finished' })
    const runs = await runsOf(project, jobId)
    expect(runs.map((run) => run?.manifest.relation)).toEqual(['P19', 'P36'])
    const [run] = runs
    expect(run?.manifest).toMatchObject({
      sources: [{ weight: 1, prompt: { sha256: expect.stringMatching(/^[0-9a-f]{64}$/) } }, { weight: 0.5 }],
      anchors: { hash: anchors.hash, count: anchors.anchors.length },
      mask: { kind: 'top-k', k: 40, from: 'sum' },
      method: { kind: 'exact', ridge: 0.1 },
      selection: 'exact',
      retrieval: { heldOut: expect.any(Number), hit1: expect.any(Number), cosine: expect.any(Number) },
      device: { asked: 'auto', used: 'cpu' },
      versions: { anchorage: expect.any(String), node: expect.any(String) }
    })
    const stored = await project.store.read.prompts.get(run?.promptId ?? '')
    expect(stored?.prompt).toMatchObject({
      relation: 'P19',
      vectors: { rows: 5 },
      model: { tableFingerprint: run?.manifest.target.fingerprint.table },
      origin: { kind: 'run', run: run?.id }
    })
  })

  it('that is run again from its manifest gives the same result, bit for bit, exact and by Adam', async () => {
    const place = await workplace()
    const { project } = place
    const adam = { ...byAdam, steps: 30, selection: 'lowest-loss' } as const
    const centred = { centre: 'mean' as const, mask: { kind: 'all' as const } }
    for (const settings of [{}, centred, { method: adam, rescale: 'inside' as const }]) {
      const { jobId } = await orderTransfer(project, treesOf(place, settings), neverAborted)
      await project.queue.whenEnded(jobId)
      for (const run of await runsOf(project, jobId)) {
        const again = await repeatRun(project, run?.id ?? '')
        expect(await project.queue.whenEnded(again)).toMatchObject({ state: 'finished', error: null })
        const [repeated] = await runsOf(project, again)
        expect(repeated?.report).toEqual(run?.report)
        expect([repeated?.loss, repeated?.chosenStep]).toEqual([run?.loss, run?.chosenStep])
        // What makes a run is its id: run again, it is the same one.
        expect(repeated?.id).toBe(run?.id)
        expect(repeated?.manifest).toEqual({
          ...run?.manifest,
          device: { asked: run?.manifest.device.used, used: run?.manifest.device.used }
        })
        expect(await vectorsOf(project, repeated?.id)).toEqual(await vectorsOf(project, run?.id))
      }
    }
  })

  it('by Adam has a cell per seed, and another result for each', async () => {
    const place = await workplace()
    const { project } = place
    const method = { ...byAdam, steps: 5, selection: 'last' } as const
    const { jobId } = await orderTransfer(project, treesOf(place, { method }), neverAborted)
    await project.queue.whenEnded(jobId)
    const runs = await runsOf(project, jobId)
    expect(runs.map((run) => run?.manifest.seed)).toEqual([3, 4, 3, 4])
    expect(runs[0]?.loss).toHaveLength(5)
    expect(await vectorsOf(project, runs[0]?.id)).not.toEqual(await vectorsOf(project, runs[1]?.id))
  })

  it('registers, imports and keeps each thing once, however often it is ordered', async () => {
    const place = await workplace()
    const { project } = place
    for (let i = 0; i < 2; i++) {
      const { jobId } = await orderTransfer(project, treesOf(place), neverAborted)
      await project.queue.whenEnded(jobId)
    }
    const { read } = project.store
    expect(await read.models.list()).toHaveLength(3)
    expect(await read.anchorSets.list()).toHaveLength(1)
    expect((await read.prompts.list()).filter(({ runId }) => runId === null)).toHaveLength(6)
    expect(await read.runs.count()).toBe(2)
    expect((await read.prompts.list()).filter(({ runId }) => runId !== null)).toHaveLength(2)
  })

  it('is exported as files that load with equal numbers, each with its manifest', async () => {
    const place = await workplace()
    const { project, folder } = place
    const { jobId } = await orderTransfer(project, treesOf(place), neverAborted)
    await project.queue.whenEnded(jobId)
    const runs = await project.store.read.runs.byJob(jobId)
    const exported = await exportRuns(project, runs, { folder: join(folder, 'out'), format: 'safetensors' })
    expect(exported).toHaveLength(2)
    for (const { run, files } of exported) {
      expect(files).toHaveLength(3)
      const [path = ''] = files
      const manifestPath = files.find((file) => file.endsWith('.manifest.json')) ?? ''
      const prompt = await readPrompt({ path })
      expect(prompt.vectors.data).toEqual(await vectorsOf(project, run.id))
      const manifest: unknown = JSON.parse(await readFile(manifestPath, 'utf8'))
      expect(manifest).toMatchObject({ run: run.id, manifest: { method: { kind: 'exact' } } })
    }
  })

  it('without a common relation is refused', async () => {
    const place = await workplace()
    await writePromptTree(join(place.folder, 'other'), ['P1', 'P2'], 5, 48)
    const order = treesOf(place)
    const other = { model: roberta, prompt: { path: join(place.folder, 'other'), vectors: 5 }, weight: 1 }
    const sources = [...order.sources.slice(0, 1), other]
    await expect(orderTransfer(place.project, { ...order, sources }, neverAborted)).rejects.toMatchObject({
      code: 'bad-argument',
      message: expect.stringContaining('no relation in common')
    })
    expect(await place.project.store.read.jobs.list()).toEqual([])
  })
})

describe('the catalogue', () => {
  it('refuses a prompt of another width, names the models that fit, and keeps nothing of the tree', async () => {
    const { project, folder } = await workplace()
    const model = await registerModel(project, bert)
    await registerModel(project, roberta)
    const tree = { path: join(folder, 'roberta'), vectors: 5 }
    await expect(importPromptTree(project, tree, model)).rejects.toMatchObject({
      code: 'mismatch',
      detail: { next: expect.stringContaining('(48)') }
    })
    const choice = { path: join(folder, 'roberta', 'P19', 'prompt_vecs.npy'), vectors: 5 }
    await expect(importPrompts(project, [{ choice, model }])).rejects.toMatchObject({ code: 'mismatch' })
    expect(await project.store.read.prompts.list()).toEqual([])
  })

  it('finds a model that was moved by its fingerprint, and no other in its place', async () => {
    const { project, folder } = await workplace()
    const [old, moved] = [join(folder, 'old'), join(folder, 'moved')]
    await cp(bert.folder, old, { recursive: true })
    await cp(bert.folder, moved, { recursive: true })
    const model = await registerModel(project, { folder: old })
    await rm(old, { recursive: true })
    await expect(relocateModel(project, model.id, roberta)).rejects.toMatchObject({ code: 'mismatch' })
    expect((await relocateModel(project, model.id, { folder: moved })).reference.folder).toBe(moved)
    expect((await registerModel(project, { folder: moved })).id).toBe(model.id)
  })

  it('fails a transfer whose model was replaced or is gone, with what to do', async () => {
    const place = await workplace()
    const { project, folder } = place
    const target = join(folder, 'target')
    await cp(gpt2.folder, target, { recursive: true })
    const order = { ...treesOf(place), target: { folder: target } }
    const { jobId } = await orderTransfer(project, order, neverAborted)
    await project.queue.whenEnded(jobId)
    const [run] = await runsOf(project, jobId)
    await rm(target, { recursive: true })
    const gone = await project.queue.whenEnded(await repeatRun(project, run?.id ?? ''))
    expect(gone).toMatchObject({ state: 'failed', error: { code: 'file-not-found' } })
    await cp(bert.folder, target, { recursive: true })
    const replaced = await project.queue.whenEnded(await repeatRun(project, run?.id ?? ''))
    expect(replaced).toMatchObject({ state: 'failed', error: { code: 'mismatch' } })
  })

  it('refuses another list of anchors under a name that is taken', async () => {
    const { project, anchors } = await workplace()
    const { id } = await keepAnchorSet(project, anchors)
    expect((await keepAnchorSet(project, anchors)).id).toBe(id)
    const other = { ...anchors, anchors: anchors.anchors.slice(1), hash: 'another' }
    await expect(keepAnchorSet(project, other)).rejects.toMatchObject({ code: 'bad-argument' })
  })
})

describe('a project', () => {
  it('is opened with what it held, or made where there is none', async () => {
    const path = join(await temporaryFolder(), 'experiment.anchorage')
    const engine = engineInProcess()
    const project = await openOrCreateProject(path, engine)
    await registerModel(project, bert)
    await project.close()
    const again = await openOrCreateProject(path, engine)
    expect(await again.store.read.models.list()).toHaveLength(1)
    await again.close()
    expect(engine.called).toEqual(['models.inspect'])
  })

  it('is not made over something else', async () => {
    const path = join(await temporaryFolder(), 'experiment.anchorage')
    await writeJsonFile(path, { something: 'else, long enough to be looked at as a header'.repeat(4) })
    await expect(openOrCreateProject(path, engineInProcess())).rejects.toMatchObject({
      code: 'project-malformed'
    })
  })
})
