/** A process that works off a job of 20 cells, slowly, until it is killed. */
import { setTimeout } from 'node:timers/promises'
import { createStore } from '../../../../main/store/project-store.ts'
import { openQueue } from '../../../../main/workbench/queue/queue.ts'

async function work(path: string): Promise<void> {
  const store = await createStore(path)
  const queue = await openQueue(store, async (_, { label }) => {
    await setTimeout(30)
    return async ({ notes }) => {
      await notes.add(null, label)
    }
  })
  await queue.add({
    title: 'twenty cells',
    settings: {
      kind: 'transfer',
      sources: [{ modelId: 'm', weight: 1 }],
      targetId: 't',
      anchorSetId: 'a',
      mask: { kind: 'all' },
      solver: { kind: 'exact', ridge: 0 },
      rescale: 'after',
      device: 'cpu'
    },
    cells: Array.from({ length: 20 }, (_, index) => ({
      label: `cell ${index}`,
      work: { kind: 'transfer', promptIds: ['p'], seed: null }
    }))
  })
}

await work(process.argv[2] ?? '')
