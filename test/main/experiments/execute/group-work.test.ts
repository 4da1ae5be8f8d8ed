/** What a group will take is told by what work of its kinds took before, on its model where there was some. */
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { groupBytes } from '#main/experiments/execute/group-memory.ts'
import { secondsOf, timesOf, workOf } from '#main/experiments/execute/group-work.ts'
import type { MeasuringGroup, TuningGroup } from '#main/experiments/plan/experiment-plan.ts'
import { planExperiment } from '#main/experiments/plan/plan-experiment.ts'
import { requireFound } from '#store/records/row.ts'
import { engineInProcess } from '#test/support/engine-in-process.ts'
import { evaluatedRun, sampleRun } from '#test/support/sample-records.ts'
import { smallExperimentFile } from '#test/support/small-experiment.ts'

async function smallGroups(
  file = smallExperimentFile()
): Promise<{ tuning: TuningGroup; measuring: MeasuringGroup }> {
  const control = { signal: new AbortController().signal }
  const { groups } = await planExperiment(file, '/', engineInProcess(), control)
  const tuning = groups.find((group): group is TuningGroup => group.kind === 'tuning')
  const measuring = groups.find((group): group is MeasuringGroup => group.kind === 'measuring')
  return {
    tuning: requireFound(tuning, 'group', 'tuning'),
    measuring: requireFound(measuring, 'group', 'measuring')
  }
}

const time = (model: string, kind: string, work: number, seconds: number) => ({ model, kind, work, seconds })

it('goes by work of the same kind, on the same model where there was some, and says nothing where there was none', () => {
  const work = [
    { model: 'bert', kind: 'tuning', work: 50 },
    { model: 'bert', kind: 'adam', work: 30 }
  ]
  expect(secondsOf(work, [])).toBeNull()
  expect(secondsOf(work, [time('bert', 'tuning', 1000, 10)])).toBeNull()
  const times = [
    time('bert', 'tuning', 1000, 10),
    time('another', 'tuning', 10, 500),
    time('another', 'adam', 10, 2),
    time('third', 'adam', 20, 1)
  ]
  expect(secondsOf(work, times)).toBeCloseTo(50 / 100 + 30 / 10, 12)
  expect(secondsOf([], [])).toBe(0)
})

it('counts examples, products of searches and answers, what is shared once', async () => {
  const { tuning, measuring } = await smallGroups()
  const { test = 0, dev = 0, train = 0 } = measuring.task?.examples ?? {}
  expect(workOf(tuning)).toEqual([{ model: 'bert-large', kind: 'tuning', work: train }])
  // Five vectors, 512 anchors. Of three sets of two sources each source is solved once where the mask is common.
  const product = 5 * 512
  const work = (kind: string, amount: number) => ({ model: 'bert-large', kind, work: amount })
  const expected = [
    work('exact', 2 * product),
    work('least-squares', product),
    work('adam', 60 * product),
    // Eight cells; one of them searches 60 steps and is asked the dev split after 20, 40 and 60.
    work('evaluation', 8 * test + 3 * dev),
    work('overhead', 8)
  ]
  const common = measuring.cells.map((cell) => ({ ...cell, mask: cell.mask && { kind: 'all' as const } }))
  expect(workOf({ ...measuring, cells: common })).toEqual(expected)
  const masked = common.map((cell) => ({
    ...cell,
    mask: cell.mask && { kind: 'top-k' as const, k: 8, from: 'sum' as const }
  }))
  expect(workOf({ ...measuring, cells: masked })).toContainEqual(work('exact', 4 * product))
})

it('learns from an outcome what each kind took, and what was left beside', async () => {
  const { tuning, measuring } = await smallGroups()
  const [cell] = measuring.cells.filter(({ method }) => method.kind === 'exact')
  const group = { ...measuring, cells: [requireFound(cell, 'cell', 'exact')] }
  const run = {
    ...evaluatedRun(sampleRun('one')),
    id: cell?.id ?? '',
    notes: [],
    loss: null,
    curve: [],
    predictions: null,
    vectors: null,
    seconds: 0.5,
    evaluationSeconds: 2
  }
  const seconds = timesOf(group, { kind: 'measuring', runs: [run], seconds: 3 }).map((one) => [
    one.kind,
    one.seconds
  ])
  expect(seconds).toEqual([
    ['exact', 0.5],
    ['evaluation', 2],
    ['overhead', 0.5]
  ])
  const tuned = timesOf(tuning, { kind: 'tuning', run, seconds: 30 })
  expect(tuned).toEqual([{ ...workOf(tuning)[0], seconds: 30 }])
})

async function folderSize(folder: string): Promise<number> {
  let size = 0
  for (const file of await readdir(folder, { recursive: true })) size += (await stat(join(folder, file))).size
  return size
}

it('takes memory by the files of the model that is run, more where it is tuned, and by those of its sources', async () => {
  const { tuning, measuring } = await smallGroups()
  const [tuned = 0, measured = 0] = await groupBytes([tuning, measuring])
  const size = await folderSize(measuring.target.reference.folder)
  let sources = 0
  for (const { reference } of measuring.sources) sources += await folderSize(reference.folder)
  expect(size).toBeGreaterThan(0)
  expect(measuring.sources.length).toBe(2)
  expect(tuned).toBe(1.5e9 + 4 * size)
  expect(measured).toBeCloseTo(1.5e9 + 3 * size + 0.35 * sources, 3)
})

it('counts what refinement sees, and few labels as few', async () => {
  const changed = smallExperimentFile(
    ['least-squares: { kind: least-squares }', 'refined: { kind: refine, inputs: 8, epochs: 6 }'],
    ['methods: [random, manual, direct-tuning]', 'methods: [few]'],
    ['direct-tuning: { kind: direct-tuning }', 'few: { kind: direct-tuning, labels: 8 }'],
    ['methods: [exact]', 'methods: [refined]'],
    ['methods: [least-squares, search]', 'methods: [exact]']
  )
  const { tuning, measuring } = await smallGroups(changed)
  // Three cells of one, one and two sources ask each of these eight inputs, and see them six times.
  const model = measuring.target.name
  expect(workOf(measuring)).toContainEqual({ model, kind: 'refine', work: (4 + 3 * 6) * 8 })
  expect(workOf(tuning)).toEqual([{ model: tuning.model.name, kind: 'tuning', work: 8 }])
})
