/** What is left of an experiment is estimated by groups of its kind, on its model where there are some. */
import { expect, it } from 'vitest'
import { estimateSeconds, workOf } from '#main/experiments/execute/group-work.ts'
import { planExperiment } from '#main/experiments/plan/plan-experiment.ts'
import { engineInProcess } from '#test/support/engine-in-process.ts'
import { smallExperimentFile } from '#test/support/small-experiment.ts'

const control = { signal: new AbortController().signal }

it('goes by work of the same kind, and says nothing where there was none', async () => {
  const { groups } = await planExperiment(smallExperimentFile(), '/', engineInProcess(), control)
  const [tuning, measuring] = [
    groups.filter(({ kind }) => kind === 'tuning'),
    groups.filter(({ kind }) => kind === 'measuring')
  ]
  const work = (kind: string) =>
    groups.map(workOf).reduce((sum, one) => sum + (one.kind === kind ? one.work : 0), 0)
  const tuned = { model: 'bert-large', kind: 'tuning', work: 1000, seconds: 10 }
  const measured = { model: 'bert-large', kind: 'measuring', work: 500, seconds: 2 }
  const elsewhere = { model: 'another', kind: 'measuring', work: 500, seconds: 50 }
  expect(estimateSeconds(groups, [])).toBeNull()
  expect(estimateSeconds(groups, [tuned])).toBeNull()
  expect(estimateSeconds(tuning, [tuned])).toBeCloseTo(work('tuning') / 100)
  expect(estimateSeconds(measuring, [measured, elsewhere])).toBeCloseTo(work('measuring') / 250)
  expect(estimateSeconds(measuring, [elsewhere])).toBeCloseTo(work('measuring') / 10)
  expect(estimateSeconds([], [])).toBe(0)
})

it('counts every answer and every step of a search', async () => {
  const { groups } = await planExperiment(smallExperimentFile(), '/', engineInProcess(), control)
  const group = groups.find(({ kind }) => kind === 'measuring')
  if (!group?.task) throw new Error('nothing is measured')
  const { test, dev } = group.task.examples
  // Eight cells; one of them searches 60 steps and is asked the dev split after 20, 40 and 60.
  expect(workOf(group).work).toBe(8 * test + 3 * dev + 60)
})

it('counts what refinement sees, and few labels as few', async () => {
  const changed = smallExperimentFile(
    ['least-squares: { kind: least-squares }', 'refined: { kind: refine, inputs: 8, epochs: 6 }'],
    ['methods: [random, manual, direct-tuning]', 'methods: [few]'],
    ['direct-tuning: { kind: direct-tuning }', 'few: { kind: direct-tuning, labels: 8 }'],
    ['methods: [exact]', 'methods: [refined]'],
    ['methods: [least-squares, search]', 'methods: [exact]']
  )
  const { groups } = await planExperiment(changed, '/', engineInProcess(), control)
  const measuring = groups.find(({ kind }) => kind === 'measuring')
  const tuning = groups.find(({ kind }) => kind === 'tuning')
  if (!measuring?.task || tuning === undefined) throw new Error('nothing is measured or tuned')
  // Five cells are evaluated; three of them ask sources eight inputs and see these six times.
  expect(workOf(measuring).work).toBe(5 * measuring.task.examples.test + 3 * (1 + 6) * 8)
  expect(workOf(tuning).work).toBe(8)
})
