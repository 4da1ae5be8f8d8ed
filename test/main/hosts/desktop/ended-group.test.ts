/** A signal to the whole group of processes: the engine is gone before the application ends, and that is no attempt. */
import assert from 'node:assert/strict'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it, vi } from 'vitest'
import { prepareTransfer } from '#main/experiments/plan/order-transfer.ts'
import { jobOf } from '#main/experiments/plan/registered-inputs.ts'
import { runApplication } from '#main/hosts/desktop/application.ts'
import { createStore, openStoreToRead } from '#store/project-store.ts'
import { app } from '#test/support/electron/substitute.ts'
import { startedProcesses } from '#test/support/electron/utility-process.ts'
import { engineInProcess } from '#test/support/engine-in-process.ts'
import { writePromptTree } from '#test/support/prompt-trees.ts'
import { referenceModelFolder } from '#test/support/reference-models.ts'
import { temporaryFolder } from '#test/support/temporary-folder.ts'

const built = (name: string): string => fileURLToPath(new URL(`../../../../out/${name}`, import.meta.url))

/** A project with a search in its queue that takes far longer than the test; the id of its job. */
async function projectWithWork(folder: string, path: string): Promise<string> {
  const engine = engineInProcess()
  const [bert, gpt2] = ['bert', 'gpt2'].map((name) => ({ folder: referenceModelFolder(name) }))
  await writePromptTree(join(folder, 'prompts'), ['P19'], 5, 32)
  const anchors = await engine.call('anchors.build', { name: 'common', models: [bert, gpt2], recipe: {} })
  const store = await createStore(path)
  const { job } = await prepareTransfer(
    { store, engine },
    {
      sources: [{ model: bert, prompt: { path: join(folder, 'prompts'), vectors: 5 }, weight: 1 }],
      target: gpt2,
      anchors,
      settings: {
        method: {
          kind: 'adam',
          steps: 10_000_000,
          learningRate: 5e-3,
          selection: 'lowest-loss',
          snapshotEvery: null
        },
        mask: { kind: 'all' },
        centre: 'none',
        rescale: 'after',
        device: 'cpu'
      },
      evaluation: null,
      seeds: [1],
      taskOf: () => null
    },
    new AbortController().signal
  )
  const id = await store.write(({ jobs }) => jobs.add(jobOf(job)))
  await store.close()
  return id
}

it('the part at work is put back uncounted, in one file without a lock', async () => {
  const folder = await temporaryFolder()
  const path = join(folder, 'experiment.anchorage')
  const jobId = await projectWithWork(folder, path)
  const cells = async () => {
    const { read, close } = await openStoreToRead(path)
    return await read.jobs.cells(jobId).finally(close)
  }
  app.folder = folder
  await runApplication(
    {
      engine: built('engine.js'),
      pageFolder: built('renderer'),
      preload: built('preload.cjs'),
      sampleFolder: join(folder, 'sample'),
      icon: join(folder, 'icon.png')
    },
    ['anchorage', path],
    folder
  )
  const pid = await vi.waitFor(
    async () => {
      expect(await cells()).toMatchObject([{ state: 'running', attempts: 1 }])
      const pid = startedProcesses[0]?.pid
      assert(pid !== undefined)
      return pid
    },
    { timeout: 30_000 }
  )
  // The engine first; the application a moment later, when it has seen that.
  startedProcesses[0].once('exit', () => setTimeout(() => app.quit(), 100))
  process.kill(pid, 'SIGTERM')
  await vi.waitFor(() => expect(app.hasQuit).toBe(true), { timeout: 30_000 })
  expect(await cells()).toMatchObject([{ state: 'queued', attempts: 0 }])
  expect((await readdir(folder)).filter((name) => name.startsWith('experiment'))).toEqual([
    'experiment.anchorage'
  ])
})
