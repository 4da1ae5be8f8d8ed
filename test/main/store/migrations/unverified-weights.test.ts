/** What a project of schema 3 says of the weights that its results were computed with, before and after it is known. */
import { cp, rename, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { runInputs, weightsUnverified } from '#engine/common/contract/runs.ts'
import { registerModel, relocateModel, requireWholeModel } from '#main/catalogue/models.ts'
import { orderExperiment } from '#main/experiments/execute/order-experiment.ts'
import { readPlan } from '#main/experiments/execute/stored-experiment.ts'
import type { ExperimentPlan, PlannedModel } from '#main/experiments/plan/experiment-plan.ts'
import { plannedManifest } from '#main/experiments/plan/planned-manifest.ts'
import { openProject, type Project } from '#main/project/project.ts'
import { hashContent, requireFound } from '#store/records/row.ts'
import { tuningRecipe } from '#store/records/tuning-recipe.ts'
import { engineInProcess } from '#test/support/engine-in-process.ts'
import { copyWithOtherWeights } from '#test/support/other-weights.ts'
import { referenceModelFolder } from '#test/support/reference-models.ts'
import { readExpected, unfinishedHere } from '#test/support/schema-3.ts'
import { temporaryFolder } from '#test/support/temporary-folder.ts'

const day = 24 * 3600 * 1000
const families = ['bert', 'roberta', 'gpt2', 'albert'] as const

type Workplace = { project: Project; models: Record<string, string> }

/** The project with copies of its models; what it holds was stored before they were made, or a day after. */
async function workplace(stored: 'before' | 'after'): Promise<Workplace> {
  const folder = await temporaryFolder()
  const models: Record<string, string> = {}
  const places: Record<string, string> = {}
  for (const family of families) {
    const copy = join(folder, `tiny-${family}`)
    await cp(referenceModelFolder(family), copy, { recursive: true })
    models[family] = copy
    places[`test/fixtures/reference/models/tiny-${family}`] = copy
  }
  const { runs, results } = await readExpected('unfinished')
  const first = Math.min(...[...runs, ...results].map(({ createdAt }) => createdAt))
  const later = stored === 'after' ? Date.now() - first + day : 0
  const project = await openProject(await unfinishedHere(places, later), engineInProcess())
  onTestFinished(() => project.close())
  // Its unfinished work is of no interest here.
  for (const { id, state } of await project.store.read.jobs.list())
    if (state !== 'finished') await project.queue.cancel(id)
  return { project, models }
}

async function idOf({ store }: Project, name: string): Promise<string> {
  const model = (await store.read.models.list()).find(({ report }) => report.name === name)
  return requireFound(model, 'model', name).id
}

/** Evaluated and tuned runs of a target by whether it is known with which weights. */
async function marks({ store }: Project, target?: string) {
  const runs = (await store.read.runs.overview()).filter(
    ({ manifest }) => manifest.task !== null || manifest.tuning !== null
  )
  const table = (await store.read.models.list()).find(({ report }) => report.name === target)?.report
    .fingerprint.table
  const own = runs.filter(
    ({ manifest }) => table === undefined || manifest.target.fingerprint.table === table
  )
  for (const { weightsUnverified: mark, manifest } of own) expect(mark).toBe(weightsUnverified(manifest))
  return {
    unverified: own.filter((run) => run.weightsUnverified).length,
    verified: own.filter((run) => !run.weightsUnverified).length
  }
}

async function storedPlan({ store }: Project): Promise<ExperimentPlan> {
  return await readPlan(store.read, requireFound((await store.read.experiments.list())[0], 'plan', '1').id)
}

/** The plan as it is made now, with the weights of its models. */
function plannedNow(plan: ExperimentPlan, weights: Readonly<Record<string, string>>): ExperimentPlan {
  const whole = (model: PlannedModel): PlannedModel => {
    const known = weights[model.reference.folder]
    return known === undefined ? model : { ...model, fingerprint: { ...model.fingerprint, weights: known } }
  }
  const recipes = new Map<string, string>()
  const tunings = plan.groups.flatMap((group) => {
    if (group.kind !== 'tuning') return []
    const { task, length, seed, settings } = group
    if (length === null) throw new Error('a tuning of an experiment without a length')
    const model = whole(group.model)
    const start = { kind: 'random', vectors: length } as const
    const id = tuningRecipe(model.fingerprint, { task, start, settings, seed }, null)
    recipes.set(group.id, id)
    return [{ ...group, id, model }]
  })
  const renamed = (id: string): string => recipes.get(id) ?? id
  const measuring = plan.groups.flatMap((group) => {
    if (group.kind !== 'measuring') return []
    const prompts = group.prompts.map((prompt) => ({ ...prompt, id: renamed(prompt.id) }))
    const target = whole(group.target)
    const cells = group.cells.map((cell) => {
      const sources = cell.sources.map((source) => ({ ...source, prompt: renamed(source.prompt) }))
      const now = { ...cell, sources, prompt: cell.prompt === null ? null : renamed(cell.prompt) }
      return { ...now, id: hashContent(runInputs(plannedManifest(now, { ...group, target, prompts }))) }
    })
    return [{ ...group, target, prompts, cells }]
  })
  return { ...plan, groups: [...tunings, ...measuring] }
}

describe('results of schema 3', () => {
  it('are all unverified when the project is opened, and are there', async () => {
    const { project } = await workplace('after')
    const { verified, unverified } = await marks(project)
    expect(verified).toBe(0)
    expect(unverified).toBeGreaterThan(30)
    for (const { weights } of await project.store.read.models.list()) expect(weights).toBeNull()
  })

  it('are verified when their model is run next, under the same ids', { timeout: 60_000 }, async () => {
    const { project } = await workplace('after')
    const before = await project.store.read.runs.overview()
    const rest = (await marks(project, 'tiny-albert')).unverified
    const { weights } = await requireWholeModel(project, await idOf(project, 'tiny-gpt2'), {})
    expect(weights).not.toBeNull()
    const { verified, unverified } = await marks(project, 'tiny-gpt2')
    expect([unverified, verified > 20]).toEqual([0, true])
    expect(await marks(project, 'tiny-albert')).toEqual({ verified: 0, unverified: rest })
    const after = await project.store.read.runs.overview()
    expect(after.map(({ id, scores, createdAt }) => ({ id, scores, createdAt }))).toEqual(
      before.map(({ id, scores, createdAt }) => ({ id, scores, createdAt }))
    )
    const one = requireFound(
      after.find(({ manifest }) => manifest.target.fingerprint.weights === weights),
      'run',
      'verified'
    )
    expect((await project.store.read.runs.get(one.id))?.notes.join()).toContain('had not been changed since')
  })

  it('are found by the plan that knew them before, and by the one that is made now', {
    timeout: 60_000
  }, async () => {
    const { project } = await workplace('after')
    const plan = await storedPlan(project)
    const cells = plan.groups.flatMap((group) => (group.kind === 'measuring' ? group.cells : []))
    const before = await Promise.all(cells.map(({ id }) => project.store.read.runs.byInputs(id)))
    const weights: Record<string, string> = {}
    for (const { id, reference } of await project.store.read.models.list())
      weights[reference.folder] = (await requireWholeModel(project, id, {})).weights ?? ''
    expect(await marks(project)).toMatchObject({ unverified: 0 })
    const now = plannedNow(plan, weights).groups.flatMap((group) =>
      group.kind === 'measuring' ? group.cells : []
    )
    for (const [index, cell] of cells.entries()) {
      const run = before[index]
      expect((await project.store.read.runs.byInputs(cell.id))?.id).toBe(run?.id)
      expect(now[index]?.id).not.toBe(cell.id)
      expect((await project.store.read.runs.byInputs(now[index]?.id ?? ''))?.id).toBe(run?.id)
    }
    const tuned = plan.groups.filter(({ kind }) => kind === 'tuning')
    for (const { id } of tuned) {
      const prompt = await project.store.read.prompts.byRecipe(id)
      if (prompt === undefined) continue
      expect(prompt.recipe).not.toBe(id)
    }
  })

  it('are verified by the plan that is run again, without a registered model', {
    timeout: 60_000
  }, async () => {
    const { project, models } = await workplace('after')
    const plan = await storedPlan(project)
    for (const { id } of await project.store.read.models.list())
      await project.store.write((writer) => writer.models.take(id))
    const weights: Record<string, string> = {}
    for (const folder of Object.values(models))
      weights[folder] = (
        await project.engine.call('models.weights', { model: { folder }, known: [] })
      ).weights
    const { jobId } = await orderExperiment(project, plannedNow(plan, weights))
    if (jobId !== null) await project.queue.cancel(jobId)
    const done = plan.groups.flatMap((group) => (group.kind === 'measuring' ? group.cells : []))
    const found = await Promise.all(done.map(({ id }) => project.store.read.runs.byInputs(id)))
    const runs = found.flatMap((run) => run ?? [])
    expect(runs.length).toBeGreaterThan(20)
    expect(runs.filter((run) => run.weightsUnverified)).toEqual([])
  })

  it('stay unverified where the files of the model were changed since', { timeout: 60_000 }, async () => {
    const before = await workplace('before')
    const count = (await marks(before.project, 'tiny-gpt2')).unverified
    await requireWholeModel(before.project, await idOf(before.project, 'tiny-gpt2'), {})
    expect(await marks(before.project, 'tiny-gpt2')).toEqual({ unverified: count, verified: 0 })

    const { project, models } = await workplace('after')
    const later = new Date(Date.now() + 3 * day)
    await utimes(join(models['gpt2'] ?? '', 'onnx', 'model.onnx'), later, later)
    const { weights } = await requireWholeModel(project, await idOf(project, 'tiny-gpt2'), {})
    expect(weights).not.toBeNull()
    expect(await marks(project, 'tiny-gpt2')).toEqual({ unverified: count, verified: 0 })
  })

  it('stay unverified where the model is found in another folder', { timeout: 60_000 }, async () => {
    const { project, models } = await workplace('after')
    const gpt2 = models['gpt2'] ?? ''
    const { unverified } = await marks(project, 'tiny-gpt2')
    const other = join(await temporaryFolder(), 'tiny-gpt2')
    await copyWithOtherWeights(gpt2, other)
    await rename(gpt2, `${gpt2}-gone`)
    const id = await idOf(project, 'tiny-gpt2')
    expect((await registerModel(project, { folder: other })).id).toBe(id)
    expect((await project.store.read.models.get(id))?.weights).not.toBeNull()
    await requireWholeModel(project, id, {})
    expect(await marks(project, 'tiny-gpt2')).toEqual({ unverified, verified: 0 })

    const { project: relocated, models: before } = await workplace('after')
    const moved = join(await temporaryFolder(), 'tiny-gpt2')
    await rename(before['gpt2'] ?? '', moved)
    await relocateModel(relocated, await idOf(relocated, 'tiny-gpt2'), { folder: moved })
    expect(await marks(relocated, 'tiny-gpt2')).toEqual({ unverified, verified: 0 })
  })
})
