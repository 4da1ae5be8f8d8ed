/** The sample was stored by a version whose intervals had no width where all examples were right, or none. */
import { expect, it } from 'vitest'
import { windowOnSample } from '#test/support/window-on-sample.ts'

it('of which all examples are right, or none, have an interval with a width, in runs and in evaluations', async () => {
  const { call } = await windowOnSample()
  await call('sample.open', { isNew: false })
  const runs = await call('runs.list', {})
  const lists = [runs, await call('evaluations.list', {})]
  for (const list of lists) {
    const extreme = list.flatMap(({ scores }) =>
      scores !== null && (scores.accuracy === 0 || scores.accuracy === 1) ? [scores] : []
    )
    expect(extreme.length).toBeGreaterThan(0)
    for (const { examples, accuracyInterval } of extreme)
      expect(accuracyInterval.high - accuracyInterval.low).toBeGreaterThan(1 / examples)
  }
})
