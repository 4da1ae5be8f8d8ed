/** A group that would take too long is split, and what its cells come to is the same however it is. */
import { expect, it } from 'vitest'
import { engineWeights } from '#main/catalogue/model-weights.ts'
import { assumedSeconds } from '#main/experiments/execute/assumed-times.ts'
import { workOf } from '#main/experiments/execute/group-work.ts'
import type { GroupContext } from '#main/experiments/execute/groups/group-context.ts'
import { runGroup } from '#main/experiments/execute/groups/run-group.ts'
import type { ComputedRun } from '#main/experiments/execute/results.ts'
import { longestGroupSeconds, splitGroups } from '#main/experiments/execute/split-groups.ts'
import type { ExperimentPlan, MeasuringGroup, WorkGroup } from '#main/experiments/plan/experiment-plan.ts'
import { planExperiment } from '#main/experiments/plan/plan-experiment.ts'
import { engineInProcess } from '#test/support/engine-in-process.ts'
import { sampleFolder, smallExperimentFile } from '#test/support/small-experiment.ts'

const control = { signal: new AbortController().signal, onProgress: () => {} }
/** Seven sets of three sources share one basis; nothing is tuned. */
const experiment = smallExperimentFile(
  ['sources: [bert-small, roberta-small]', 'sources: [bert-small, roberta-small, roberta-large]'],
  ['  bert-large:', `  roberta-large: ${sampleFolder}/models/roberta-large\n  bert-large:`],
  [
    '  - name: references\n    methods: [random, manual, direct-tuning]',
    '  - name: references\n    methods: [random, manual]'
  ],
  ['only: [capital, currency]', 'only: [capital]'],
  [
    '  tuning:',
    `    - { model: roberta-large, folder: ${sampleFolder}/prompts/roberta-large, length: 5, seed: 1 }\n  tuning:`
  ]
)

async function planned(): Promise<{ plan: ExperimentPlan; group: MeasuringGroup; context: GroupContext }> {
  const engine = engineInProcess()
  const plan = await planExperiment(experiment, '/', engine, control)
  const group = plan.groups.find((one): one is MeasuringGroup => one.kind === 'measuring')
  if (group === undefined) throw new Error('nothing is measured')
  const context: GroupContext = {
    ...control,
    engine,
    hashWeights: engineWeights(engine),
    anchors: plan.anchors.anchors,
    storedPrompt: () => Promise.reject(new Error('no prompt is tuned')),
    versions: {}
  }
  return { plan, group, context }
}

async function runsOf(
  groups: readonly WorkGroup[],
  context: GroupContext
): Promise<Map<string, ComputedRun>> {
  const runs = new Map<string, ComputedRun>()
  for (const group of groups) {
    const outcome = await runGroup(group, context)
    if (outcome.kind === 'measuring') for (const run of outcome.runs) runs.set(run.id, run)
  }
  return runs
}

/** Work in units of answers: what the group takes at one answer a second. */
const answers = (group: WorkGroup): number =>
  workOf(group).reduce((sum, { kind, work }) => sum + (kind === 'evaluation' ? work : 0), 0)

const ids = (groups: readonly WorkGroup[]): string[] =>
  groups.flatMap((group) => (group.kind === 'measuring' ? group.cells.map(({ id }) => id) : []))

it('leaves what is short, and splits what is long into parts that each fit', async () => {
  const { plan, group } = await planned()
  expect(splitGroups(plan.groups, await assumedSeconds(plan.groups))).toEqual(plan.groups)
  expect(splitGroups([group], () => longestGroupSeconds)).toEqual([group])
  for (const share of [2, 3, 4]) {
    const limit = answers(group) / share
    const parts = splitGroups([group], answers, limit)
    expect(parts.length).toBeGreaterThan(1)
    expect(ids(parts)).toEqual(ids([group]))
    for (const part of parts) expect(answers(part)).toBeLessThanOrEqual(limit)
    expect(new Set(parts.map(({ id }) => id)).size).toBe(parts.length)
  }
})

it('splits no cell and no tuning, however long they are', async () => {
  const { group } = await planned()
  const parts = splitGroups([group], answers, 1)
  expect(ids(parts)).toEqual(ids([group]))
  // The seven sets of one basis in three parts, of two at least; every other cell by itself.
  const exact = parts.map((part) =>
    part.kind === 'measuring' ? part.cells.filter(({ method }) => method.kind === 'exact').length : 0
  )
  expect(exact.filter((count) => count > 0)).toEqual([3, 2, 2])
  expect(parts.length).toBe(group.cells.length - 7 + 3)
})

/** The largest difference between the vectors of two runs. */
function distance(one: ComputedRun, other: ComputedRun): number {
  const others = other.vectors?.data ?? new Float32Array()
  return (one.vectors?.data ?? new Float32Array()).reduce(
    (most, value, at) => Math.max(most, Math.abs(value - (others[at] ?? Number.NaN))),
    0
  )
}

/** A run without its times, and without the numbers that depend on which sources were solved together. */
function settled(run: ComputedRun) {
  const { seconds: _, evaluationSeconds: __, ...rest } = run
  if (run.manifest.method.kind !== 'exact') return rest
  const { vectors, matching, scores, predictions, ...exact } = rest
  return {
    ...exact,
    accuracy: scores?.accuracy,
    ranks: predictions?.map(({ example, rank }) => [example, rank])
  }
}

/**
 * Sources that are solved together in one product have other last bits than alone: float32 vectors of entries around 0.1
 * within 1e-6, their matching within 1e-6. Whatever is not mixed is the same to the bit.
 */
it('finds the same however it is split', { timeout: 240_000 }, async () => {
  const { group, context } = await planned()
  const whole = await runsOf([group], context)
  for (const limit of [answers(group) / 2, 1]) {
    const parts = await runsOf(splitGroups([group], answers, limit), context)
    expect([...parts.keys()]).toEqual([...whole.keys()])
    for (const [id, expected] of whole) {
      const found = parts.get(id)
      if (found === undefined) throw new Error(`no run of ${id}`)
      expect(settled(found)).toEqual(settled(expected))
      expect(distance(found, expected)).toBeLessThan(1e-6)
      expect(found.matching ?? 0).toBeCloseTo(expected.matching ?? 0, 6)
    }
  }
})
