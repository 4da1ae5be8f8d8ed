/** The queue on a real project file: order, commits, cancelling, failing, closing, and crashes of a real process. */
import { readdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { AnchorageError } from '#engine/common/contract/errors.ts'
import type { QueueEvent } from '#main/queue/events.ts'
import { followJob } from '#main/queue/follow-job.ts'
import { type CellControl, openQueue, type Queue, type RunCell } from '#main/queue/queue.ts'
import { createStore, openStore, type ProjectStore, type ProjectWriter } from '#store/project-store.ts'
import type { NewJob } from '#store/records/jobs.ts'
import { killAtOnce, nextMessage, runTypeScript } from '#test/support/run-typescript.ts'
import { sampleRun } from '#test/support/sample-records.ts'
import { temporaryFolder } from '#test/support/temporary-folder.ts'

const hangingQueue = fileURLToPath(new URL('./hanging-queue.ts', import.meta.url))

function job(title: string, ...labels: string[]): NewJob {
  const cells = labels.map((label) => ({ label, groupId: label }))
  return { title, kind: 'measuring', experimentId: null, groups: [], cells }
}

/** What a cell does before its run is stored; by label, else nothing. */
type Behaviour = Record<string, (control: CellControl) => Promise<void> | void>

type Opened = {
  store: ProjectStore
  queue: Queue
  started: string[]
  events: QueueEvent[]
  close(): Promise<void>
}

async function openQueueOn(store: ProjectStore, behaviour: Behaviour = {}): Promise<Opened> {
  const started: string[] = []
  const queue = await openQueue(store, async (_, cell, control) => {
    started.push(cell.label)
    await behaviour[cell.label]?.(control)
    return async ({ runs }) => {
      await runs.put({ ...sampleRun(cell.label), cellId: cell.id })
    }
  })
  const events: QueueEvent[] = []
  queue.onEvent((event) => events.push(event))
  let closing: Promise<void> | undefined
  const close = (): Promise<void> => {
    closing ??= queue.close().then(() => store.close())
    return closing
  }
  onTestFinished(close)
  return { store, queue, started, events, close }
}

async function newProjectPath(): Promise<string> {
  return join(await temporaryFolder(), 'experiment.anchorage')
}

async function open(behaviour?: Behaviour): Promise<Opened> {
  return await openQueueOn(await createStore(await newProjectPath()), behaviour)
}

/** A cell that goes on only when it is cancelled, as the engine's calls do; `reached` says that it runs. */
function untilAborted() {
  let reach: () => void
  const reached = new Promise<void>((resolve) => {
    reach = resolve
  })
  const behave = ({ signal }: CellControl): Promise<void> =>
    new Promise((_, reject) => {
      signal.addEventListener('abort', () =>
        reject(new AnchorageError('cancelled', 'The work was cancelled.'))
      )
      reach()
    })
  return { reached, behave }
}

function failing(...errors: AnchorageError[]) {
  return () => {
    const error = errors.shift()
    if (error !== undefined) throw error
  }
}

const died = () => new AnchorageError('engine-died', 'The engine ended.')

async function cellStates({ read }: ProjectStore, jobId: string): Promise<string[]> {
  return (await read.jobs.cells(jobId)).map(({ label, state, attempts }) => `${label} ${state} ${attempts}`)
}

async function runNames({ read }: ProjectStore): Promise<string[]> {
  const runs = await read.runs.page({ sort: 'name', descending: false, offset: 0, limit: 100 })
  return runs.map(({ name }) => name)
}

describe('a job', () => {
  it('is run cell by cell, told as it goes, and stored as it finishes', async () => {
    const seen: string[][] = []
    const { store, queue, events } = await open({
      b: async ({ onProgress }) => {
        onProgress({ done: 1, total: 2, label: 'half' })
        seen.push(await runNames(store))
      }
    })
    const id = await queue.add(job('three', 'a', 'b', 'c'))
    expect(await queue.whenEnded(id)).toMatchObject({ title: 'three', state: 'finished', error: null })
    expect(seen).toEqual([['a']])
    expect((await store.read.runs.byJob(id)).map(({ name }) => name)).toEqual(['a', 'b', 'c'])
    expect(events.map((event) => event.kind)).toEqual([
      ...['queued', 'started', 'cell', 'progress', 'cell', 'cell', 'finished']
    ])
    expect(events[3]).toMatchObject({ jobId: id, cellsDone: 1, cells: 3, label: 'b', progress: { done: 1 } })
  })

  it('is a row before it runs, and waits for those before it', async () => {
    const { reached, behave } = untilAborted()
    const { store, queue, started } = await open({ a: behave })
    const first = await queue.add(job('first', 'a', 'b'))
    const second = await queue.add(job('second', 'c'))
    await reached
    expect(await cellStates(store, first)).toEqual(['a running 1', 'b queued 0'])
    expect((await store.read.jobs.list()).map(({ state }) => state)).toEqual(['running', 'queued'])
    await queue.cancel(first)
    expect((await queue.whenEnded(second)).state).toBe('finished')
    expect(started).toEqual(['a', 'c'])
  })

  it('with a cell that fails goes on, says why, and runs only that cell again', async () => {
    const wrong = new AnchorageError('mismatch', 'The widths differ.', { where: 'b' })
    const { store, queue, started } = await open({ b: failing(wrong) })
    const id = await queue.add(job('three', 'a', 'b', 'c'))
    expect(await queue.whenEnded(id)).toMatchObject({
      state: 'failed',
      error: { code: 'mismatch', where: 'b' }
    })
    expect(await runNames(store)).toEqual(['a', 'c'])
    await queue.retry(id)
    expect(await queue.whenEnded(id)).toMatchObject({ state: 'finished', error: null })
    expect(started).toEqual(['a', 'b', 'c', 'b'])
    expect(await runNames(store)).toEqual(['a', 'b', 'c'])
    await expect(queue.retry(id)).rejects.toMatchObject({ code: 'bad-argument' })
  })

  it('whose result cannot be stored leaves nothing of it', async () => {
    const store = await createStore(await newProjectPath())
    const queue = await openQueue(store, async (_, cell) => async ({ runs, notes }) => {
      await runs.put({ ...sampleRun(cell.label), cellId: cell.id })
      if (cell.label === 'a') await notes.add('no such run', 'text')
    })
    const id = await queue.add(job('two', 'a', 'b'))
    expect((await queue.whenEnded(id)).state).toBe('failed')
    expect(await runNames(store)).toEqual(['b'])
    await queue.close()
    await store.close()
  })
})

describe('a full disk', () => {
  const full = new AnchorageError(
    'write-failed',
    'The disk is full: the last change was not stored.',
    {},
    Object.assign(new Error('SQLITE_FULL: database or disk is full'), { code: 'SQLITE_FULL' })
  )

  it('pauses the queue and says why; it takes no jobs, and goes on by itself when there is room', async () => {
    const store = await createStore(await newProjectPath())
    let isFull = false
    const failing: ProjectStore = {
      ...store,
      write: (body) => (isFull ? Promise.reject(full) : store.write(body))
    }
    const events: QueueEvent[] = []
    const runCell: RunCell = (_, cell) => {
      if (cell.label === 'b' && !events.some(({ kind }) => kind === 'store-failed')) isFull = true
      return Promise.resolve(async ({ runs }: ProjectWriter) => {
        await runs.put({ ...sampleRun(cell.label), cellId: cell.id })
      })
    }
    const queue = await openQueue(failing, runCell, 20)
    const paused = new Promise<void>((resolve) => {
      queue.onEvent((event) => {
        events.push(event)
        if (event.kind === 'store-failed') resolve()
      })
    })
    const id = await queue.add(job('three', 'a', 'b', 'c'))
    await paused
    expect(queue.storeFailure()).toBe(full)
    await expect(queue.add(job('another', 'd'))).rejects.toBe(full)
    expect(await runNames(store)).toEqual(['a'])
    isFull = false
    expect(await queue.whenEnded(id)).toMatchObject({ state: 'finished', error: null })
    expect(queue.storeFailure()).toBeNull()
    expect(events.map(({ kind }) => kind)).toContain('store-works')
    expect(await runNames(store)).toEqual(['a', 'b', 'c'])
    // The cell that met the full disk is not blamed for it.
    expect((await store.read.jobs.cells(id)).map(({ attempts }) => attempts)).toEqual([1, 1, 1])
    await queue.close()
    await store.close()
  })
})

describe('cancelling', () => {
  it('stops the running cell, keeps what finished, and can be taken up again', async () => {
    const { reached, behave } = untilAborted()
    const behaviour: Behaviour = { b: behave }
    const { store, queue, events } = await open(behaviour)
    const id = await queue.add(job('three', 'a', 'b', 'c'))
    await reached
    await queue.cancel(id)
    expect((await queue.whenEnded(id)).state).toBe('cancelled')
    expect(events.at(-1)).toEqual({ kind: 'cancelled', jobId: id })
    expect(await cellStates(store, id)).toEqual(['a finished 1', 'b cancelled 1', 'c cancelled 0'])
    delete behaviour['b']
    await queue.retry(id)
    expect((await queue.whenEnded(id)).state).toBe('finished')
    expect(await runNames(store)).toEqual(['a', 'b', 'c'])
  })

  it('is taken up again, or out, by who asks while the running cell is still on its way out', async () => {
    const { reached, behave } = untilAborted()
    const behaviour: Behaviour = { a: behave }
    const { store, queue } = await open(behaviour)
    const id = await queue.add(job('one', 'a'))
    await reached
    delete behaviour['a']
    await queue.cancel(id)
    await queue.retry(id)
    expect((await queue.whenEnded(id)).state).toBe('finished')
    expect(await runNames(store)).toEqual(['a'])

    const again = untilAborted()
    behaviour['b'] = again.behave
    const other = await queue.add(job('other', 'b'))
    await again.reached
    await queue.cancel(other)
    await queue.remove(other)
    expect(await store.read.jobs.get(other)).toBeUndefined()
  })

  it('ends the job although the next cell was chosen already', async () => {
    const { store, queue } = await open()
    const id = await queue.add(job('three', 'a', 'b', 'c'))
    await new Promise<void>((resolve) => {
      queue.onEvent((event) => {
        if (event.kind === 'cell') resolve()
      })
    })
    await queue.cancel(id)
    expect((await queue.whenEnded(id)).state).toBe('cancelled')
    expect((await cellStates(store, id))[2]).toBe('c cancelled 0')
  })

  it('keeps a result that was done all the same', async () => {
    const { reached, behave } = untilAborted()
    const { store, queue } = await open({ a: (control) => behave(control).catch(() => {}) })
    const id = await queue.add(job('two', 'a', 'b'))
    await reached
    await queue.cancel(id)
    expect((await queue.whenEnded(id)).state).toBe('cancelled')
    expect(await runNames(store)).toEqual(['a'])
  })

  it('holds although the engine dies while it is noted', async () => {
    let die = (): void => {}
    const dying = new Promise<void>((_, reject) => {
      die = () => reject(died())
    })
    const { reached, behave } = untilAborted()
    const { store, queue, started } = await open({
      a: (control) => {
        behave(control).catch(() => {})
        return dying
      }
    })
    const id = await queue.add(job('two', 'a', 'b'))
    await reached
    const cancelling = queue.cancel(id)
    // Now, while the store is at work: what becomes of the cell is decided before it is told to stop.
    die()
    await cancelling
    expect((await queue.whenEnded(id)).state).toBe('cancelled')
    expect(started).toEqual(['a'])
    expect(await cellStates(store, id)).toEqual(['a cancelled 1', 'b cancelled 0'])
  })

  it('takes a waiting job out without touching the running one', async () => {
    const { reached, behave } = untilAborted()
    const { queue, started } = await open({ a: behave })
    const first = await queue.add(job('first', 'a'))
    const second = await queue.add(job('second', 'b'))
    await reached
    await queue.cancel(second)
    expect((await queue.whenEnded(second)).state).toBe('cancelled')
    await queue.cancel(first)
    expect((await queue.whenEnded(first)).state).toBe('cancelled')
    expect(started).toEqual(['a'])
    await expect(queue.cancel('no such job')).rejects.toMatchObject({ code: 'not-found' })
    await expect(queue.whenEnded('no such job')).rejects.toMatchObject({ code: 'not-found' })
  })
})

/** A cell that goes on when it is told to; `reached` says that it runs. */
function untilReleased() {
  let reach = (): void => {}
  let release = (): void => {}
  const reached = new Promise<void>((resolve) => {
    reach = resolve
  })
  const released = new Promise<void>((resolve) => {
    release = resolve
  })
  const behave = (): Promise<void> => {
    reach()
    return released
  }
  return { reached, behave, release }
}

async function jobStates({ read }: ProjectStore): Promise<string[]> {
  return (await read.jobs.list()).map(({ title, state, isPaused }) =>
    [title, state, ...(isPaused ? ['paused'] : [])].join(' ')
  )
}

describe('pausing', () => {
  it('a job lets its cell end and starts no other, while the next job goes on', async () => {
    const { reached, behave, release } = untilReleased()
    const { store, queue, started } = await open({ a: behave })
    const first = await queue.add(job('first', 'a', 'b'))
    const second = await queue.add(job('second', 'c'))
    await reached
    await queue.pause(first)
    release()
    await queue.whenEnded(second)
    expect(started).toEqual(['a', 'c'])
    expect(await cellStates(store, first)).toEqual(['a finished 1', 'b queued 0'])
    expect(await jobStates(store)).toEqual(['first queued paused', 'second finished'])
    expect(await queue.isPaused(first)).toBe(true)
    await queue.unpause(first)
    expect((await queue.whenEnded(first)).state).toBe('finished')
    expect(started).toEqual(['a', 'c', 'b'])
    await expect(queue.pause('no such job')).rejects.toMatchObject({ code: 'not-found' })
  })

  it('the queue outlives the program; what is added meanwhile waits too', async () => {
    const { reached, behave, release } = untilReleased()
    const { store, queue, started, events, close } = await open({ a: behave })
    const first = await queue.add(job('first', 'a', 'b'))
    await reached
    await queue.pause(null)
    release()
    await vi.waitFor(() => expect(events.at(-1)).toEqual({ kind: 'queued', jobId: first }))
    await queue.add(job('second', 'c'))
    await close()
    expect(started).toEqual(['a'])

    const again = await openQueueOn(await openStore(store.path))
    expect(await jobStates(again.store)).toEqual(['first queued', 'second queued'])
    expect(await again.queue.isPaused(first)).toBe(true)
    await expect(
      followJob(again.queue, first, { signal: new AbortController().signal, onProgress: () => {} })
    ).rejects.toMatchObject({ code: 'bad-argument', message: expect.stringContaining('paused') })
    expect(again.started).toEqual([])
    await again.queue.unpause(null)
    expect((await again.queue.whenEnded(first)).state).toBe('finished')
    expect(again.started.slice(0, 1)).toEqual(['b'])
  })

  it('a job that is then cancelled ends, and is not paused when it is run again', async () => {
    const { queue, store } = await open()
    await queue.pause(null)
    const id = await queue.add(job('one', 'a'))
    await queue.pause(id)
    await queue.unpause(null)
    await queue.cancel(id)
    expect((await queue.whenEnded(id)).state).toBe('cancelled')
    await queue.retry(id)
    expect((await queue.whenEnded(id)).state).toBe('finished')
    expect(await runNames(store)).toEqual(['a'])
  })
})

describe('the order of the queue', () => {
  it('is changed among what waits, kept with the project, and no matter of what is at work', async () => {
    const { reached, behave, release } = untilReleased()
    const { store, queue, started, close } = await open({ a: behave })
    const first = await queue.add(job('first', 'a', 'b'))
    const [second, third, fourth] = [
      await queue.add(job('second', 'c')),
      await queue.add(job('third', 'd')),
      await queue.add(job('fourth', 'e'))
    ]
    await reached
    await queue.move(fourth, second)
    await queue.move(second, null)
    await expect(queue.move(first, third)).rejects.toMatchObject({ code: 'not-found' })
    await expect(queue.move(third, first)).rejects.toMatchObject({ code: 'not-found' })
    await queue.pause(null)
    release()
    await close()

    const again = await openQueueOn(await openStore(store.path))
    const fifth = await again.queue.add(job('fifth', 'f'))
    await again.queue.unpause(null)
    await again.queue.whenEnded(fifth)
    expect([...started, ...again.started]).toEqual(['a', 'b', 'e', 'd', 'c', 'f'])
  })
})

describe('an engine that dies', () => {
  it('is given the cell again', async () => {
    const { store, queue } = await open({ a: failing(died(), died()) })
    const id = await queue.add(job('two', 'a', 'b'))
    expect((await queue.whenEnded(id)).state).toBe('finished')
    expect(await cellStates(store, id)).toEqual(['a finished 3', 'b finished 1'])
  })

  it('three times on one cell fails that cell with the reason', async () => {
    const { store, queue } = await open({ a: failing(died(), died(), died(), died()) })
    const id = await queue.add(job('two', 'a', 'b'))
    expect(await queue.whenEnded(id)).toMatchObject({ state: 'failed', error: { code: 'engine-died' } })
    expect(await cellStates(store, id)).toEqual(['a failed 3', 'b finished 1'])
  })

  it('as the program is told to end, before or after, is no fault of the cell', async () => {
    const path = await newProjectPath()
    let opened: Opened
    const end = vi.fn(() => void opened.close())
    opened = await openQueueOn(await createStore(path), {
      a: () => {
        // When what the death leads to at once has been done.
        setImmediate(end)
        throw died()
      }
    })
    const id = await opened.queue.add(job('two', 'a', 'b'))
    await vi.waitFor(() => expect(end).toHaveBeenCalled())
    await opened.close()
    const store = await openStore(path)
    onTestFinished(() => store.close())
    expect(await cellStates(store, id)).toEqual(['a queued 0', 'b queued 0'])
  })

  it('is counted only when the program has outlived it for a moment', async () => {
    const path = await newProjectPath()
    const store = await createStore(path)
    const id = await store.write(({ jobs }) => jobs.add(job('one', 'a')))
    const stored: string[] = []
    /** As a crash right after each transaction would leave the cell. */
    const watched: ProjectStore = {
      ...store,
      write: async (body) => {
        const result = await store.write(body)
        stored.push(...(await cellStates(store, id)))
        return result
      }
    }
    const { queue } = await openQueueOn(watched, { a: failing(died()) })
    expect((await queue.whenEnded(id)).state).toBe('finished')
    expect(stored).toEqual([
      'a queued 0',
      'a running 1',
      'a running 0',
      'a queued 1',
      'a running 2',
      'a finished 2'
    ])
  })

  it('for good fails the job at once; its cells wait for a retry', async () => {
    const gone = new AnchorageError('engine-unavailable', 'The engine is not started again.')
    const { store, queue, started } = await open({ a: failing(gone) })
    const id = await queue.add(job('two', 'a', 'b'))
    expect(await queue.whenEnded(id)).toMatchObject({
      state: 'failed',
      error: { code: 'engine-unavailable' }
    })
    expect(started).toEqual(['a'])
    await queue.retry(id)
    expect((await queue.whenEnded(id)).state).toBe('finished')
    expect(await runNames(store)).toEqual(['a', 'b'])
  })
})

describe('closing and crashing', () => {
  it('in the middle puts the cell back, leaves one file, and goes on when opened', async () => {
    const { reached, behave } = untilAborted()
    const { store, queue, close } = await open({ b: behave })
    const id = await queue.add(job('three', 'a', 'b', 'c'))
    const ended = expect(queue.whenEnded(id)).rejects.toMatchObject({ code: 'cancelled' })
    await reached
    await close()
    await ended
    expect(await readdir(dirname(store.path))).toEqual(['experiment.anchorage'])

    const again = await openQueueOn(await openStore(store.path))
    expect((await again.queue.whenEnded(id)).state).toBe('finished')
    expect(again.started).toEqual(['b', 'c'])
    expect(await cellStates(again.store, id)).toEqual(['a finished 1', 'b finished 1', 'c finished 1'])
  })

  /** A project whose queue was killed in the cell `c`, so many times. */
  async function crashed(times: number): Promise<{ path: string; id: string }> {
    const path = await newProjectPath()
    const store = await createStore(path)
    const id = await store.write(({ jobs }) => jobs.add(job('four', 'a', 'b', 'c', 'd')))
    await store.close()
    for (let i = 0; i < times; i++) {
      const child = runTypeScript(hangingQueue, path, 'c')
      expect(await nextMessage(child)).toBe('c')
      await killAtOnce(child)
    }
    return { path, id }
  }

  it('after a kill it goes on from the last finished cell, with nothing twice', async () => {
    const { path, id } = await crashed(1)
    const { store, queue, started } = await openQueueOn(await openStore(path))
    expect((await queue.whenEnded(id)).state).toBe('finished')
    expect(started).toEqual(['c', 'd'])
    expect((await store.read.runs.byJob(id)).map(({ name }) => name)).toEqual(['a', 'b', 'c', 'd'])
    expect(await store.read.runs.count()).toBe(4)
  })

  it('a cell that takes the program down three times is given up, with the reason', async () => {
    const { path, id } = await crashed(3)
    const { store, queue, started } = await openQueueOn(await openStore(path))
    expect(await queue.whenEnded(id)).toMatchObject({
      state: 'failed',
      error: { code: 'engine-died', message: expect.stringContaining('3 times while it worked on c') }
    })
    expect(started).toEqual(['d'])
    expect(await cellStates(store, id)).toEqual([
      'a finished 1',
      'b finished 1',
      'c failed 3',
      'd finished 1'
    ])
  })

  it('what was cancelled when the crash came does not come back', async () => {
    const { path, id } = await crashed(1)
    const store = await openStore(path)
    await store.write(async ({ jobs }) => {
      await jobs.moveCells(id, 'queued', 'cancelled')
      await jobs.setState(id, 'cancelled')
    })
    const { queue, started } = await openQueueOn(store)
    expect((await queue.whenEnded(id)).state).toBe('cancelled')
    expect(started).toEqual([])
    expect(await cellStates(store, id)).toEqual([
      'a finished 1',
      'b finished 1',
      'c cancelled 1',
      'd cancelled 0'
    ])
  })
})
