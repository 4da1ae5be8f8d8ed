/**
 * Project files of schema 3 become one table of runs with every number equal: against what another reader, Python's
 * sqlite3, found in them. Tolerance: none, but for matching divided by the sum of weights (1e-14).
 */
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { z } from 'zod'
import { runInputs } from '#engine/common/contract/runs.ts'
import { readPlan } from '#main/experiments/execute/stored-experiment.ts'
import { openConnection } from '#store/file/connection.ts'
import { openStore, type ProjectStore } from '#store/project-store.ts'
import { hashContent, requireFound } from '#store/records/row.ts'
import {
  copyOf,
  curveOf,
  type Expected,
  fullPredictions,
  lossOf,
  readExpected,
  schema3,
  scoresOf,
  shortHash,
  shortPredictions
} from '#test/support/schema-3.ts'

type Evaluation = Expected['evaluations'][number]

describe.each(['everything', 'unfinished'] as const)('%s', (name) => {
  let expected: Expected

  beforeAll(async () => {
    expected = await readExpected(name)
  })

  async function open(): Promise<ProjectStore> {
    const store = await openStore(await copyOf(`${schema3}/${name}.anchorage`))
    onTestFinished(() => store.close())
    return store
  }

  /** The run of an id, with its predictions. */
  async function runOf({ read }: ProjectStore, id: string) {
    const run = requireFound(await read.runs.get(id), 'run', id)
    return { ...run, predictions: (await read.runs.predictions(id)) ?? [] }
  }

  /** What a prompt was found or tuned by, and on which model. */
  function makerOf(prompt: string | null): { id: string; table: string } | null {
    const found = expected.prompts.find(({ id }) => id === prompt)
    const run = expected.runs.find(({ id }) => id === found?.origin[1])
    if (run !== undefined) return { id: run.id, table: run.manifest.target.fingerprint.table }
    const tuning = expected.tunings.find(({ id }) => id === found?.origin[1])
    return tuning === undefined ? null : { id: tuning.id, table: tuning.manifest.model.fingerprint.table }
  }

  /** The run that an evaluation is part of: the one that found its prompt, where it is the newest of it. */
  function homeOf({ id, prompt, manifest }: Evaluation): string {
    const maker = makerOf(prompt)
    if (maker === null || maker.table !== manifest.model.fingerprint.table) return id
    const alike = expected.evaluations.filter(
      (other) => other.prompt === prompt && other.manifest.model.fingerprint.table === maker.table
    )
    const newest = alike.toSorted((a, b) => b.createdAt - a.createdAt || (a.id < b.id ? -1 : 1))[0]
    return newest?.id === id ? maker.id : id
  }

  it('keeps every transfer as a run, with its report, curves, prompt, notes and tags', async () => {
    const store = await open()
    const overview = new Map((await store.read.runs.overview()).map((run) => [run.id, run]))
    for (const old of expected.runs) {
      const run = await runOf(store, old.id)
      const { manifest } = run
      const weights = old.manifest.sources.reduce((sum, { weight }) => sum + weight, 0)
      expect(Math.abs((run.matching ?? Number.NaN) - old.meanMatching / weights)).toBeLessThan(1e-14)
      // The matching of random rows is younger than these reports.
      const { randomMatching, ...report } = requireFound(run.report ?? undefined, 'report', old.id)
      expect(randomMatching).toBeNull()
      // Version 5 gives the upper bound its name; every number and the order of the fields stay.
      const text = JSON.stringify(report).replaceAll('"upperBound":', '"expressible":')
      expect(shortHash(text)).toBe(old.report)
      expect(run.report?.vectors.map(({ matching }) => matching)).toEqual(old.matching)
      expect(run.report?.vectors.map(({ upperBound }) => upperBound)).toEqual(old.expressible)
      expect(lossOf(run.loss)).toEqual(old.loss)
      expect(run).toMatchObject({
        name: old.name,
        promptId: old.prompt,
        chosenStep: old.chosenStep,
        seconds: old.seconds,
        createdAt: old.createdAt
      })
      if (old.prompt !== null)
        expect((await store.read.prompts.get(old.prompt))?.sha256).toBe(old.promptSha256)
      const { seed = null, ...solver } = old.manifest.solver
      const { target, anchors, mask, rescale, selection, device, relation, task } = old.manifest
      expect(manifest).toMatchObject({ target, anchors, mask, rescale, selection, device, seed })
      expect(manifest).toMatchObject({
        sources: old.manifest.sources,
        method: solver.kind === 'adam' ? { ...solver, snapshotEvery: solver.snapshotEvery ?? null } : solver,
        relation: relation ?? task,
        length: old.matching.length,
        versions: old.manifest.versions
      })
      expect(overview.get(old.id)).toMatchObject({ jobId: old.job, archived: false })
      expect(overview.get(old.id)?.tags.toSorted()).toEqual(old.tags)
      expect((await store.read.notes.list(old.id)).map(({ text }) => text)).toEqual(old.notes)
    }
  })

  it('keeps every evaluation: as the run whose prompt it is of, or as one of its own', async () => {
    const store = await open()
    const reading = await openConnection(store.path, 'read-only')
    onTestFinished(() => reading.close())
    const homes = expected.evaluations.map(homeOf)
    expect(new Set(homes).size).toBe(homes.length)
    for (const [index, old] of expected.evaluations.entries()) {
      const { contestant, model, task, template, ...asked } = old.manifest
      const run = await runOf(store, homes[index] ?? '')
      expect(scoresOf(run.scores)).toEqual(old.scores)
      expect(fullPredictions(run.predictions)).toEqual(old.predictions)
      expect(run.manifest).toMatchObject({ target: model, task, template, evaluation: asked })
      expect(run.promptId).toBe(old.prompt)
      if (contestant.kind !== 'prompt') expect(run.manifest.method).toEqual({ kind: contestant.kind })
      if (contestant.kind === 'random')
        expect(run.manifest).toMatchObject({ seed: contestant.seed, length: contestant.vectors })
      const row = await reading.get('SELECT evaluation_seconds AS seconds FROM runs WHERE id = ?', [run.id])
      expect(row).toEqual({ seconds: old.seconds })
      if (run.id === old.id) expect(run.createdAt).toBe(old.createdAt)
      const maker = makerOf(old.prompt)
      if (maker === null || maker.table !== model.fingerprint.table) continue
      // However often its prompt is evaluated, a run's report, loss and matching are those of the search.
      const found = await runOf(store, maker.id)
      const { report, loss, matching, curve, chosenStep, seconds, conditionId } = found
      expect(run).toMatchObject({ report, loss, matching, curve, chosenStep, seconds })
      if (found.manifest.template === template) expect(run.conditionId).toBe(conditionId)
    }
  })

  it('keeps every tuning as a run of direct tuning', async () => {
    const store = await open()
    for (const old of expected.tunings) {
      const run = await runOf(store, old.id)
      const { model, selection, device, versions, ...tuning } = old.manifest
      expect(lossOf(run.loss)).toEqual(old.loss)
      expect(run.curve).toEqual(old.validations.map((point) => ({ ...point, matching: null })))
      expect(run).toMatchObject({
        chosenStep: old.chosenStep,
        seconds: old.seconds,
        createdAt: old.createdAt
      })
      const method = { kind: 'direct-tuning' }
      expect(run.manifest).toMatchObject({ method, target: model, tuning, selection, device, versions })
      const prompt = expected.prompts.find(({ origin }) => origin[1] === old.id)
      expect(run.promptId).toBe(prompt?.id)
      expect(run.manifest.prompt).toMatchObject({ sha256: prompt?.sha256 })
    }
  })

  it('keeps every result of a study under its id, which its manifest still hashes to', async () => {
    const store = await open()
    for (const old of expected.results) {
      const run = await runOf(store, old.id)
      const tuned = expected.studyPrompts.find(({ id }) => id === old.manifest.inputs.prompt)?.tuning
      expect(runInputs(run.manifest)).toEqual(old.manifest.inputs)
      expect(hashContent(runInputs(run.manifest))).toBe(old.id)
      expect((await store.read.runs.byInputs(old.id))?.id).toBe(old.id)
      expect(scoresOf(run.scores)).toEqual(old.scores)
      expect(shortPredictions(run.predictions)).toEqual(old.predictions)
      expect(curveOf(run.curve)).toEqual(old.curve)
      expect(run).toMatchObject({
        matching: old.matching,
        notes: old.notes,
        // Of direct tuning a result had none: they were kept with the prompt.
        chosenStep: tuned?.chosenStep ?? old.chosenStep,
        seconds: tuned?.seconds ?? old.seconds,
        createdAt: old.createdAt
      })
      const { template, device, versions } = old.manifest
      expect(run.manifest).toMatchObject({ template, device, versions, selection: old.selection })
      expect(run.manifest.evaluation?.skipped).toEqual(old.skipped)
    }
  })

  it('keeps every prompt, and makes those of studies prompts like any other, each with its run', async () => {
    const { read } = await open()
    const listed = new Map((await read.prompts.list()).map((prompt) => [prompt.id, prompt]))
    expect(listed.size).toBe(expected.prompts.length + expected.studyPrompts.length)
    for (const { shape, model, origin, ...old } of expected.prompts) {
      expect(listed.get(old.id)).toMatchObject({
        id: old.id,
        name: old.name,
        sha256: old.sha256,
        vectorCount: shape[0],
        width: shape[1],
        task: old.task,
        relation: old.relation,
        origin: origin[0],
        runId: origin[0] === 'file' ? null : origin[1]
      })
      const stored = await read.prompts.get(old.id)
      expect(stored?.prompt).toMatchObject({ template: old.template, model: { name: model } })
    }
    for (const { id, shape, sha256, tuning, createdAt } of expected.studyPrompts) {
      expect(listed.get(id)).toMatchObject({ sha256, vectorCount: shape[0], width: shape[1], createdAt })
      expect(await read.prompts.byRecipe(id)).toMatchObject({ sha256, prompt: { template: tuning.template } })
      const run = requireFound(await read.runs.get(listed.get(id)?.runId ?? ''), 'run', id)
      expect(run).toMatchObject({ promptId: id, seconds: tuning.seconds, chosenStep: tuning.chosenStep })
      expect(run.manifest.prompt).toMatchObject({ sha256, recipe: id })
      expect(run.manifest.tuning).toMatchObject({ template: tuning.template })
      expect(run.manifest.versions).toEqual(tuning.versions)
      expect(run.manifest.device.used).toBe(tuning.device)
      if (run.scores === null) expect(run.manifest.selection).toBe(tuning.selection)
    }
  })

  it('has no runs besides', async () => {
    const { read } = await open()
    const own = expected.evaluations.filter((evaluation) => homeOf(evaluation) === evaluation.id)
    const measured = new Set(expected.results.map(({ manifest }) => manifest.inputs.prompt))
    const tuned = expected.studyPrompts.filter(({ id }) => !measured.has(id))
    const all = [...expected.runs, ...own, ...expected.tunings, ...expected.results, ...tuned]
    expect((await read.runs.overview()).map(({ id }) => id).toSorted()).toEqual(
      all.map(({ id }) => id).toSorted()
    )
  })

  it('opens every plan, and finds the run of every cell that is done', async () => {
    const { read } = await open()
    const experiments = (await read.experiments.list()).toReversed()
    expect(experiments.map((one) => [one.name, one.createdAt])).toEqual(
      expected.studies.map((study) => [study.name, study.createdAt])
    )
    for (const [index, study] of expected.studies.entries()) {
      const plan = await readPlan(read, experiments[index]?.id ?? '')
      expect([plan.anchors.hash, plan.anchors.anchors.length]).toEqual(study.anchors)
      expect(plan.groups.map(({ kind, id, label }) => [kind, id, label])).toEqual(study.groups)
      const cells = Object.fromEntries(plan.sections.map((section) => [section.name, section.cells]))
      const places = Object.entries(study.experiments)
      expect(Object.keys(cells)).toEqual(places.map(([section]) => section))
      for (const [section, planned] of places) {
        const ids = planned.map((place) => (typeof place === 'string' ? place : expected.results[place]?.id))
        expect(cells[section]?.map(({ id }) => id)).toEqual(ids)
        const found = await Promise.all(ids.map(async (id) => (await read.runs.byInputs(id ?? ''))?.id))
        expect(found).toEqual(ids.map((id, at) => (typeof planned[at] === 'string' ? undefined : id)))
      }
    }
  })

  it('keeps jobs and their cells as they were', async () => {
    const { read } = await open()
    const jobs = await read.jobs.list()
    expect(jobs.map(({ id, title, state }) => [id, title, state])).toEqual(
      expected.jobs.map(({ id, title, state }) => [id, title, state])
    )
    for (const [index, old] of expected.jobs.entries()) {
      const experimentId = jobs[index]?.experimentId ?? null
      const plan = experimentId === null ? null : await readPlan(read, experimentId)
      const cells = await read.jobs.cells(old.id)
      expect(cells.filter(({ state }) => state === 'finished')).toHaveLength(old.finished)
      const left = cells.filter(({ state }) => state !== 'finished')
      expect(left.map(({ label, state, attempts }) => [label, state, attempts])).toEqual(
        old.left.map(({ label, state, attempts }) => [label, state, attempts])
      )
      // What the others have left is held against their work in from-version-4.test.ts.
      if (plan !== null) {
        expect(left.map(({ groupId }) => groupId)).toEqual(old.left.map(({ work }) => work.groupId))
        const planned = plan.groups.map(({ id }) => id)
        for (const { groupId } of cells) expect(planned).toContain(groupId)
      }
      expect(left.map(({ error }) => error?.code ?? null)).toEqual(old.left.map(({ error }) => error))
    }
  })

  it('keeps models, anchor sets, tasks, notes on the project, times, and views', async () => {
    const { read } = await open()
    const models = await read.models.list()
    expect(models.map(({ id, report }) => [id, report.name, report.fingerprint]).toSorted()).toEqual(
      expected.models.map((model) => [model.id, model.name, model.fingerprint]).toSorted()
    )
    for (const [id, setName, count, hash] of expected.anchorSets)
      expect((await read.anchorSets.get(id))?.set).toMatchObject({
        name: setName,
        hash,
        anchors: { length: count }
      })
    for (const [id, taskName, sha256] of expected.tasks)
      expect((await read.tasks.get(id))?.summary).toMatchObject({ name: taskName, sha256 })
    expect((await read.notes.list(null)).map(({ text }) => text)).toEqual(expected.projectNotes)
    expect((await read.experiments.times()).length > 0).toBe((expected.counts.study_times ?? 0) > 0)
    const { studies, ...views } = expected.views
    expect(await read.views.all()).toEqual(studies === undefined ? views : { ...views, experiments: studies })
    const compare = z.object({ runIds: z.array(z.string()) }).safeParse(views.compare)
    for (const id of compare.data?.runIds ?? []) expect(await read.runs.get(id)).toBeDefined()
  })
})
