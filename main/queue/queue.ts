/**
 * The queue of a project: jobs are rows before they run, one cell runs at a time, and what finished is
 * committed at once. What a cell computes is given to it; the rules are in `cell-outcome.ts`.
 */
import { setTimeout as delay } from 'node:timers/promises'
import type { Progress } from '#engine/common/contract/engine-methods.ts'
import { AnchorageError, type ErrorData, errorFromData, errorToData } from '#engine/common/contract/errors.ts'
import { createListeners } from '#engine/common/rpc/listeners.ts'
import type { Unsubscribe } from '#engine/common/rpc/transport.ts'
import { isDiskFailure } from '#store/file/sqlite-errors.ts'
import type { ProjectStore, ProjectWriter } from '#store/project-store.ts'
import type { Cell, Job, JobReader, JobState, NewJob } from '#store/records/jobs.ts'
import { requireFound } from '#store/records/row.ts'
import { outcomeOf, type StopReason } from './cell-outcome.ts'
import type { QueueEvent } from './events.ts'
import { leaveCell, putBackRunning, recoverQueue, settleJob, takeAttemptBack, waitAgain } from './recover.ts'

export type { Job }

/** Stores what a cell computed, in the transaction that marks the cell as finished. */
export type StoreResult = (writer: ProjectWriter) => Promise<void>

export type CellControl = { signal: AbortSignal; onProgress: (progress: Progress) => void }

/** Computes one cell; it writes nothing itself. */
export type RunCell = (job: Job, cell: Cell, control: CellControl) => Promise<StoreResult>

export type Queue = {
  /** Adds a job; its id. It starts when those before it have ended. Throws what the store fails by. */
  add(job: NewJob): Promise<string>
  /** Cancels what has not finished; what finished stays. Throws `not-found`. */
  cancel(jobId: string): Promise<void>
  /** Runs again what failed or was cancelled. Throws `bad-argument` where the job has not ended so. */
  retry(jobId: string): Promise<void>
  /** Forgets a job that has ended; what it made stays. Throws `bad-argument` where it has not. */
  remove(jobId: string): Promise<void>
  /** Pauses a job, or all of them where that is null: the cell at work goes on to its end, no other is started. Throws `not-found`. */
  pause(jobId: string | null): Promise<void>
  /** Goes on with what was paused. Throws `not-found`. */
  unpause(jobId: string | null): Promise<void>
  /** Whether nothing of a job is started, because it or the whole queue is paused. Throws `not-found`. */
  isPaused(jobId: string): Promise<boolean>
  /** Puts a waiting job right before another waiting one, or behind all where that is null. Throws `not-found`. */
  move(jobId: string, before: string | null): Promise<void>
  /** Why nothing runs for now, because the store failed; null where it works. */
  storeFailure(): AnchorageError | null
  /** Resolves with the job when it has ended; rejects where the queue stops before. */
  whenEnded(jobId: string): Promise<Job>
  onEvent(listener: (event: QueueEvent) => void): Unsubscribe
  /** Puts the running cell back, waits for it and for the store; nothing starts after that. */
  close(): Promise<void>
}

/** The cell at work. */
type Running = { jobId: string; controller: AbortController; stopped: StopReason }

type EndState = Extract<JobState, 'finished' | 'failed' | 'cancelled'>

function hasEnded(state: JobState): state is EndState {
  return state === 'finished' || state === 'failed' || state === 'cancelled'
}

async function isHeld(jobs: JobReader, { isPaused }: Job): Promise<boolean> {
  return isPaused || (await jobs.isQueuePaused())
}

function closed(): AnchorageError {
  return new AnchorageError('cancelled', 'The project was closed.', {
    next: 'Open it again: the queue goes on from the last finished part.'
  })
}

/**
 * How long after the engine died the program may be told to end, for the two to be one: a signal to a whole group of
 * processes ends the engine first.
 */
const endingMilliseconds = 1_000

/** How long after the store failed the queue tries again. */
const retryMilliseconds = 3_000

/** Opens the queue of a project: puts it in order after a crash and goes on with what waits. */
export async function openQueue(
  store: ProjectStore,
  runCell: RunCell,
  retryAfter = retryMilliseconds
): Promise<Queue> {
  const events = createListeners<QueueEvent>()
  let running: Running | null = null
  let working: Promise<void> | null = null
  let stopped: AnchorageError | null = null
  let storeFailure: AnchorageError | null = null
  let wake: NodeJS.Timeout | null = null

  const stop = (error: AnchorageError): void => {
    if (stopped !== null) return
    stopped = error
    events.emit({ kind: 'stopped', error })
  }

  const tellEnd = (jobId: string, state: JobState | null): void => {
    if (state !== null && hasEnded(state)) events.emit({ kind: state, jobId })
  }

  /** Marks a cell as running; its job, or null where that was cancelled or paused since the cell was chosen. */
  const begin = (cell: Cell): Promise<Job | null> =>
    store.write(async ({ jobs }) => {
      const job = await jobs.get(cell.jobId)
      if (job === undefined || hasEnded(job.state) || (await isHeld(jobs, job))) return null
      await jobs.setState(job.id, 'running')
      await jobs.setCell({ ...cell, state: 'running', attempts: cell.attempts + 1 })
      return job
    })

  const finish = (cell: Cell, storeResult: StoreResult): Promise<JobState | null> =>
    store.write(async (writer) => {
      await storeResult(writer)
      await writer.jobs.setCell({ ...cell, state: 'finished', attempts: cell.attempts + 1 })
      return await settleJob(writer, cell.jobId)
    })

  const control = async (cell: Cell, { controller }: Running): Promise<CellControl> => {
    const counts = await store.read.jobs.countCells(cell.jobId)
    const cells = Object.values(counts).reduce((sum, count) => sum + count, 0)
    const { jobId, label } = cell
    return {
      signal: controller.signal,
      onProgress: (progress) =>
        events.emit({ kind: 'progress', jobId, cellsDone: counts.finished, cells, label, progress })
    }
  }

  const tellCell = (cell: Cell, state: JobState, error: ErrorData | null): void =>
    events.emit({ kind: 'cell', jobId: cell.jobId, cellId: cell.id, label: cell.label, state, error })

  /** Runs a cell to its end, whichever it is. */
  const work = async (cell: Cell): Promise<void> => {
    const now: Running = { jobId: cell.jobId, controller: new AbortController(), stopped: null }
    running = now
    let tell: () => void
    try {
      const job = await begin(cell)
      if (job === null) {
        // Who asked for the end of the job while this cell stood here as the running one still waits for it.
        const ended = await store.read.jobs.get(cell.jobId)
        tell = () => tellEnd(cell.jobId, ended?.state ?? null)
      } else {
        if (job.state === 'queued') events.emit({ kind: 'started', jobId: job.id })
        const storeResult = await runCell(job, cell, await control(cell, now))
        const jobState = await finish(cell, storeResult)
        tell = () => {
          tellCell(cell, 'finished', null)
          tellEnd(cell.jobId, jobState)
        }
      }
    } catch (thrown) {
      if (isDiskFailure(thrown)) throw thrown
      const error = errorToData(thrown)
      if (error.code === 'engine-died' && now.stopped === null) {
        // Before the wait: the program may end without another word.
        await takeAttemptBack(store, cell)
        await delay(endingMilliseconds, undefined, { signal: now.controller.signal }).catch(() => {})
      }
      const outcome = outcomeOf(error, cell.attempts + 1, now.stopped)
      const { cellState, jobState } = await leaveCell(store, cell, outcome)
      tell = () => {
        tellCell(cell, cellState, outcome.kind === 'put-back' ? null : error)
        tellEnd(cell.jobId, jobState)
      }
    } finally {
      running = null
    }
    tell()
  }

  const workOff = async (): Promise<void> => {
    let lastId: string | null = null
    while (stopped === null && storeFailure === null) {
      const cell = await store.read.jobs.nextCell()
      if (lastId !== null && cell?.jobId !== lastId && (await waitAgain(store, lastId)))
        events.emit({ kind: 'queued', jobId: lastId })
      if (cell === undefined) return
      lastId = cell.jobId
      await work(cell)
    }
  }

  /** Starts working, once; what is added while the last cell is looked for is seen by the look after it. */
  const start = (): void => {
    if (stopped !== null) return
    const before = working ?? Promise.resolve()
    const next: Promise<void> = before.then(workOff).catch((thrown: unknown) => {
      waitForStore(thrown instanceof AnchorageError ? thrown : errorFromData(errorToData(thrown)))
    })
    working = next
  }

  /** Says that the store failed, and tries it again after a while, for as long as the project is open. */
  const waitForStore = (error: AnchorageError): void => {
    if (stopped !== null) return
    if (storeFailure === null) events.emit({ kind: 'store-failed', error })
    storeFailure = error
    wake = setTimeout(() => {
      putBackRunning(store).then(
        () => {
          if (stopped !== null) return
          storeFailure = null
          events.emit({ kind: 'store-works' })
          start()
        },
        (again: unknown) => waitForStore(again instanceof AnchorageError ? again : error)
      )
    }, retryAfter)
  }

  const requireWorking = (): void => {
    if (storeFailure !== null) throw storeFailure
  }

  const whenEnded = async (jobId: string): Promise<Job> => {
    let unsubscribe: Unsubscribe = () => {}
    const ended = new Promise<void>((resolve, reject) => {
      unsubscribe = events.add((event) => {
        if (event.kind === 'stopped') reject(event.error)
        else if (isEndOf(event, jobId)) resolve()
      })
    })
    // A rejection is seen below or, where the job has ended already, is of no interest.
    ended.catch(() => {})
    try {
      const { state } = requireFound(await store.read.jobs.get(jobId), 'job', jobId)
      if (!hasEnded(state) || running?.jobId === jobId) {
        if (stopped !== null) throw stopped
        await ended
      }
      // Read anew: a cancelled job may have finished all the same since it was looked at.
      return requireFound(await store.read.jobs.get(jobId), 'job', jobId)
    } finally {
      unsubscribe()
    }
  }

  /** Waits for the cell of a job that was cancelled a moment ago: what takes a job that has ended finds it ended. */
  const waitWhereCancelled = async (jobId: string): Promise<void> => {
    if (running?.jobId === jobId && running.stopped === 'cancelled') await whenEnded(jobId)
  }

  const setPaused = (jobId: string | null, isPaused: boolean): Promise<void> =>
    store.write(async ({ jobs }) => {
      if (jobId === null) return await jobs.setQueuePaused(isPaused)
      requireFound(await jobs.get(jobId), 'job', jobId)
      await jobs.setPaused(jobId, isPaused)
    })

  await recoverQueue(store)
  start()

  return {
    storeFailure: () => storeFailure,
    async add(job) {
      requireWorking()
      const jobId = await store.write(({ jobs }) => jobs.add(job))
      events.emit({ kind: 'queued', jobId })
      start()
      return jobId
    },
    async cancel(jobId) {
      const state = await store.write(async (writer) => {
        const job = requireFound(await writer.jobs.get(jobId), 'job', jobId)
        if (hasEnded(job.state)) return null
        await writer.jobs.moveCells(jobId, 'queued', 'cancelled')
        // Said at once, so that a crash before the running cell has ended does not bring it back.
        await writer.jobs.setState(jobId, 'cancelled')
        return await settleJob(writer, jobId)
      })
      if (running?.jobId === jobId) {
        running.stopped ??= 'cancelled'
        running.controller.abort()
      }
      tellEnd(jobId, state)
    },
    async retry(jobId) {
      requireWorking()
      await waitWhereCancelled(jobId)
      await store.write(async ({ jobs }) => {
        const job = requireFound(await jobs.get(jobId), 'job', jobId)
        if (running?.jobId === jobId || (job.state !== 'failed' && job.state !== 'cancelled')) {
          throw new AnchorageError('bad-argument', 'Only a job that failed or was cancelled can run again.', {
            where: job.title,
            found: running?.jobId === jobId ? 'a job that is ending' : `a job that is ${job.state}`
          })
        }
        await jobs.moveCells(jobId, 'failed', 'queued')
        await jobs.moveCells(jobId, 'cancelled', 'queued')
        await jobs.setState(jobId, 'queued')
        await jobs.setPaused(jobId, false)
      })
      events.emit({ kind: 'queued', jobId })
      start()
    },
    pause: (jobId) => setPaused(jobId, true),
    async unpause(jobId) {
      await setPaused(jobId, false)
      start()
    },
    isPaused: async (jobId) =>
      await isHeld(store.read.jobs, requireFound(await store.read.jobs.get(jobId), 'job', jobId)),
    move: (jobId, before) => store.write(({ jobs }) => jobs.move(jobId, before)),
    async remove(jobId) {
      await waitWhereCancelled(jobId)
      await store.write(async ({ jobs }) => {
        const job = requireFound(await jobs.get(jobId), 'job', jobId)
        if (running?.jobId === jobId || !hasEnded(job.state)) {
          throw new AnchorageError('bad-argument', 'Only a job that has ended can be removed.', {
            where: job.title,
            found: `a job that is ${hasEnded(job.state) ? 'ending' : job.state}`,
            next: 'Cancel it first.'
          })
        }
        await jobs.remove(jobId)
      })
    },
    whenEnded,
    onEvent: (listener) => events.add(listener),
    async close() {
      stop(closed())
      if (wake !== null) clearTimeout(wake)
      if (running !== null) {
        running.stopped ??= 'closing'
        running.controller.abort()
      }
      await working
    }
  }
}

function isEndOf(event: QueueEvent, jobId: string): boolean {
  const isEnd = event.kind === 'finished' || event.kind === 'failed' || event.kind === 'cancelled'
  return isEnd && event.jobId === jobId
}
