/** What a project says of how long its work took. */
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createStore } from '#store/project-store.ts'
import { sampleRun } from '#test/support/sample-records.ts'
import { temporaryFolder } from '#test/support/temporary-folder.ts'

describe('durations', () => {
  it('are summed by search, with the steps that it took', async () => {
    const store = await createStore(join(await temporaryFolder(), 'study.anchorage'))
    onTestFinished(() => store.close())
    expect(await store.read.durations.transfers()).toEqual([])
    expect(await store.read.durations.evaluations()).toEqual({ examples: 0, seconds: 0 })
    const solver = {
      kind: 'adam',
      steps: 200,
      learningRate: 5e-3,
      seed: 1,
      selection: 'last'
    } as const
    await store.write(async ({ runs }) => {
      const run = sampleRun('first')
      await runs.add({ ...run, seconds: 0.5 })
      await runs.add({ ...run, seconds: 0.25 })
      await runs.add({ ...run, manifest: { ...run.manifest, solver }, seconds: 4 })
    })
    expect(await store.read.durations.transfers()).toEqual([
      { solver: 'adam', runs: 1, steps: 200, seconds: 4 },
      { solver: 'exact', runs: 2, steps: 2, seconds: 0.75 }
    ])
  })
})
