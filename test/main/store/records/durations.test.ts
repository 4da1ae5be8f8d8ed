/** What a project says of how long its work took. */
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createStore } from '#store/project-store.ts'
import { evaluatedRun, sampleRun } from '#test/support/sample-records.ts'
import { temporaryFolder } from '#test/support/temporary-folder.ts'

describe('durations', () => {
  it('are summed by search, with the steps that it took', async () => {
    const store = await createStore(join(await temporaryFolder(), 'experiment.anchorage'))
    onTestFinished(() => store.close())
    expect(await store.read.durations.transfers()).toEqual([])
    expect(await store.read.durations.evaluations()).toEqual({ examples: 0, seconds: 0 })
    const method = {
      kind: 'adam',
      steps: 200,
      learningRate: 5e-3,
      selection: 'last',
      snapshotEvery: null
    } as const
    await store.write(async ({ runs }) => {
      await runs.put({ ...sampleRun('first'), seconds: 0.5 })
      await runs.put({ ...evaluatedRun(sampleRun('second')), seconds: 0.25, evaluationSeconds: 3 })
      const third = sampleRun('third')
      await runs.put({ ...third, manifest: { ...third.manifest, method }, seconds: 4 })
    })
    expect(await store.read.durations.evaluations()).toEqual({ examples: 1, seconds: 3 })
    expect(await store.read.durations.transfers()).toEqual([
      { method: 'adam', runs: 1, steps: 200, seconds: 4 },
      { method: 'exact', runs: 2, steps: 2, seconds: 0.75 }
    ])
  })
})
