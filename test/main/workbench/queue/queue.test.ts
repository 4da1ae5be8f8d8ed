import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import { AnchorageError } from '../../../../engine/contract/errors.ts'
import {
  createStore,
  openStore,
  openStoreToRead,
  type ProjectStore
} from '../../../../main/store/project-store.ts'
import type { NewJob } from '../../../../main/store/records/jobs.ts'
import type { QueueEvent } from '../../../../main/workbench/queue/events.ts'
import { openQueue, type Queue, type RunCell } from '../../../../main/workbench/queue/queue.ts'
import { temporaryFolder } from '../../../support/temporary-folder.ts'

/** A job whose cells are named, with settings that no test looks at. */
function job(...labels: string[]): NewJob {
  return {
    title: labels.join(' '),
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
    cells: labels.map((label) => ({ label, work: { kind: 'transfer', promptIds: ['p'], seed: null } }))
  }
}

/** Stores a note with the cell's label: what is stored can be counted. */
const storeNote =
  (label: string) =>
  async ({ notes }: Parameters<Awaited<ReturnType<RunCell>>>[0]): Promise<void> => {
    await notes.add(null, label)
  }

const quick: RunCell = (_, cell) => Promise.resolve(storeNote(cell.label))

async function newProject(
  runCell: RunCell
): Promise<{ store: ProjectStore; queue: Queue; events: QueueEvent[] }> {
  const store = await createStore(join(await temporaryFolder(), 'p.anchorage'))
  const queue = await openQueue(store, runCell)
  onTestFinished(async () => {
    await queue.close()
    await store.close()
  })
  const events: QueueEvent[] = []
  queue.onEvent((event) => events.push(event))
  return { store, queue, events }
}

async function storedLabels(store: Pick<ProjectStore, 'read'>): Promise<string[]> {
  return (await store.read.notes.list(null)).map(({ text }) => text).sort()
}

/** Resolves when the signal is aborted, with the error that the engine gives then. */
function untilCancelled(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(new AnchorageError('cancelled', 'The work was cancelled.')))
  })
}

describe('the queue', () => {
  it('runs the cells of jobs in order and commits each as it finishes', async () => {
    const ran: string[] = []
    const { store, queue, events } = await newProject((one, cell, control) => {
      ran.push(cell.label)
      control.onProgress({ done: 1, total: 2, label: 'half' })
      return quick(one, cell, control)
    })
    const [first, second] = [await queue.add(job('a', 'b')), await queue.add(job('c'))]
    expect((await queue.whenEnded(second)).state).toBe('finished')
    expect((await queue.whenEnded(first)).state).toBe('finished')
    expect(ran).toEqual(['a', 'b', 'c'])
    expect(await storedLabels(store)).toEqual(['a', 'b', 'c'])
    const kinds = events
      .filter((event) => event.kind !== 'stopped' && event.jobId === first)
      .map(({ kind }) => kind)
    expect(kinds).toEqual(['queued', 'started', 'progress', 'cell', 'progress', 'cell', 'finished'])
  })

  it('cancels a job in the middle: what finished stays, the rest is cancelled', async () => {
    const { store, queue } = await newProject((one, cell, control) =>
      cell.label === 'b' ? untilCancelled(control.signal) : quick(one, cell, control)
    )
    const id = await queue.add(job('a', 'b', 'c'))
    while ((await store.read.jobs.countCells(id)).finished === 0) await setTimeout(5)
    await queue.cancel(id)
    expect((await queue.whenEnded(id)).state).toBe('cancelled')
    expect(await storedLabels(store)).toEqual(['a'])
    expect(await store.read.jobs.countCells(id)).toMatchObject({ finished: 1, cancelled: 2 })
  })

  it('cancels a job that has not begun', async () => {
    const { store, queue } = await newProject((_, _cell, control) => untilCancelled(control.signal))
    const first = await queue.add(job('a'))
    const second = await queue.add(job('b'))
    await queue.cancel(second)
    expect((await queue.whenEnded(second)).state).toBe('cancelled')
    await queue.cancel(first)
    expect((await queue.whenEnded(first)).state).toBe('cancelled')
    expect(await storedLabels(store)).toEqual([])
  })

  it('goes on after a cell that failed, keeps its error, and runs it again when asked', async () => {
    let broken = true
    const { store, queue } = await newProject((one, cell, control) => {
      if (cell.label === 'b' && broken) {
        return Promise.reject(new AnchorageError('bad-value', 'b is broken.', { where: 'b' }))
      }
      return quick(one, cell, control)
    })
    const id = await queue.add(job('a', 'b', 'c'))
    const failed = await queue.whenEnded(id)
    expect(failed).toMatchObject({ state: 'failed', error: { code: 'bad-value', message: 'b is broken.' } })
    expect(await storedLabels(store)).toEqual(['a', 'c'])
    broken = false
    await queue.retry(id)
    expect((await queue.whenEnded(id)).state).toBe('finished')
    expect(await storedLabels(store)).toEqual(['a', 'b', 'c'])
  })

  it('tries a cell again when the engine died, and gives up after the third time', async () => {
    let deaths = 0
    const { store, queue } = await newProject((one, cell, control) => {
      if (cell.label === 'fatal' || (cell.label === 'unlucky' && deaths < 2)) {
        deaths++
        return Promise.reject(new AnchorageError('engine-died', 'The engine ended.'))
      }
      return quick(one, cell, control)
    })
    const id = await queue.add(job('unlucky', 'fatal', 'last'))
    expect(await queue.whenEnded(id)).toMatchObject({ state: 'failed', error: { code: 'engine-died' } })
    expect(deaths).toBe(2 + 3)
    expect(await storedLabels(store)).toEqual(['last', 'unlucky'])
  })

  it('stops a job when there is no engine any more, its cells waiting', async () => {
    const { store, queue } = await newProject(() =>
      Promise.reject(new AnchorageError('engine-unavailable', 'The engine is not started again.'))
    )
    const id = await queue.add(job('a', 'b'))
    expect(await queue.whenEnded(id)).toMatchObject({
      state: 'failed',
      error: { code: 'engine-unavailable' }
    })
    expect(await store.read.jobs.countCells(id)).toMatchObject({ queued: 2 })
  })

  it('puts the running cell back when the project is closed, and goes on when it is opened again', async () => {
    const path = join(await temporaryFolder(), 'p.anchorage')
    const store = await createStore(path)
    const queue = await openQueue(store, (_, _cell, control) => untilCancelled(control.signal))
    const id = await queue.add(job('a', 'b'))
    while ((await store.read.jobs.countCells(id)).running === 0) await setTimeout(5)
    const ended = queue.whenEnded(id)
    await Promise.all([expect(ended).rejects.toMatchObject({ code: 'cancelled' }), queue.close()])
    await store.close()
    expect(await readdir(join(path, '..'))).toEqual(['p.anchorage'])

    const again = await openStore(path)
    const second = await openQueue(again, quick)
    expect((await second.whenEnded(id)).state).toBe('finished')
    expect(await storedLabels(again)).toEqual(['a', 'b'])
    await second.close()
    await again.close()
  })

  it('refuses to run again what has not ended, and knows no other jobs', async () => {
    const { queue } = await newProject(quick)
    const id = await queue.add(job('a'))
    await queue.whenEnded(id)
    await expect(queue.retry(id)).rejects.toMatchObject({ code: 'bad-argument' })
    await expect(queue.cancel('nobody')).rejects.toMatchObject({ code: 'not-found' })
    await expect(queue.whenEnded('nobody')).rejects.toMatchObject({ code: 'not-found' })
  })
})

/** Kills a process that works a project's queue once so many notes are stored. */
async function killAfter(notes: number, path: string, child: ChildProcess): Promise<void> {
  for (;;) {
    await setTimeout(10)
    const reader = await openStoreToRead(path).catch(() => null)
    const stored = (await reader?.read.notes.list(null))?.length ?? 0
    await reader?.close()
    if (stored >= notes) break
  }
  child.kill('SIGKILL')
  await once(child, 'exit')
}

describe('a crash in the middle', () => {
  it('costs the running cell: the queue goes on from the last finished one, nothing twice, nothing lost', async () => {
    const path = join(await temporaryFolder(), 'p.anchorage')
    const child = fork(join(import.meta.dirname, 'working-process.ts'), [path], {
      execArgv: ['--import', 'tsx'],
      stdio: 'inherit'
    })
    await killAfter(3, path, child)

    const store = await openStore(path)
    const [interrupted] = await store.read.jobs.list()
    const before = await storedLabels(store)
    expect(before.length).toBeGreaterThanOrEqual(3)
    expect(before.length).toBeLessThan(20)
    const queue = await openQueue(store, quick)
    expect((await queue.whenEnded(interrupted?.id ?? '')).state).toBe('finished')
    const labels = Array.from({ length: 20 }, (_, index) => `cell ${index}`)
    expect(await storedLabels(store)).toEqual(labels.sort())
    await queue.close()
    await store.close()
  })
})
