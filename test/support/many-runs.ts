/** A project of thousands of runs, written straight into its store. */

import { createStore } from '#store/project-store.ts'
import type { NewRun } from '#store/records/runs.ts'
import { sampleAnchorsOfRuns, samplePrompt, sampleRun } from './sample-records.ts'

const targets = ['albert', 'gpt2', 'a-model-with-a-very-long-name-that-does-not-fit-into-its-column']
const anchorCounts = [64, 128, 256, 512]

/** The n-th run: targets, anchor counts and matching come round. */
function nthRun(index: number): NewRun {
  const run = sampleRun(`run ${String(index).padStart(5, '0')}`, 0.5 + ((index * 37) % 5000) / 10_000)
  const { manifest } = run
  return {
    ...run,
    manifest: {
      ...manifest,
      target: { ...manifest.target, name: targets[index % targets.length] ?? '' },
      anchors: { ...sampleAnchorsOfRuns, count: anchorCounts[index % anchorCounts.length] ?? 0 },
      relation: `P${index % 41}`
    }
  }
}

/** Makes the project at `path`; the greatest matching of its runs. */
export async function writeManyRuns(path: string, count: number): Promise<number> {
  const store = await createStore(path)
  try {
    await store.write(async ({ runs, prompts }) => {
      for (let index = 0; index < count; index++) {
        const run = nthRun(index)
        const id = await runs.put(run)
        const prompt = { ...samplePrompt(run.name, 4), origin: { kind: 'run' as const, run: id } }
        await runs.linkPrompt(id, await prompts.add(prompt))
      }
    })
    return Math.max(...Array.from({ length: count }, (_, index) => nthRun(index).matching ?? 0))
  } finally {
    await store.close()
  }
}
