/** What the store is told of a cell that did not finish, and how the queue is put in order after a crash. */
import type { ErrorData } from '#engine/common/contract/errors.ts'
import type { ProjectStore, ProjectWriter } from '#store/project-store.ts'
import type { Cell, JobState } from '#store/records/jobs.ts'
import { attemptsAtMost, type CellOutcome, jobStateOf, outcomeWhenCancelled } from './cell-outcome.ts'

function gaveUp(cell: Cell): ErrorData {
  return {
    code: 'engine-died',
    message: `The program ended ${cell.attempts} times while it worked on ${cell.label}.`,
    next: 'Look for what it has in common with others that fail, then retry it.',
    causes: []
  }
}

async function recoverCell(writer: ProjectWriter, cell: Cell): Promise<void> {
  const job = await writer.jobs.get(cell.jobId)
  if (job?.state === 'cancelled') await writer.jobs.setCell({ ...cell, state: 'cancelled' })
  else if (cell.attempts < attemptsAtMost) await writer.jobs.setCell({ ...cell, state: 'queued' })
  else await writer.jobs.setCell({ ...cell, state: 'failed' }, gaveUp(cell))
}

/** Sets the state of a job whose cells have all ended; gives it back, or null where some have not. */
export async function settleJob(writer: ProjectWriter, jobId: string) {
  const state = jobStateOf(await writer.jobs.countCells(jobId))
  if (state === null) return null
  const failed = (await writer.jobs.cells(jobId)).find((cell) => cell.state === 'failed')
  await writer.jobs.setState(jobId, state, failed?.error ?? undefined)
  return state
}

/** Stores what becomes of a cell that did not finish; the cell's state, and that of its job where it ended too. */
export function leaveCell(
  store: ProjectStore,
  cell: Cell,
  outcome: CellOutcome
): Promise<{ cellState: JobState; jobState: JobState | null }> {
  const attempts = cell.attempts + 1
  return store.write(async (writer) => {
    const job = await writer.jobs.get(cell.jobId)
    const end = job?.state === 'cancelled' ? outcomeWhenCancelled(outcome) : outcome
    switch (end.kind) {
      case 'put-back':
        await writer.jobs.setCell({
          ...cell,
          state: 'queued',
          attempts: end.counted ? attempts : cell.attempts
        })
        await writer.jobs.setState(cell.jobId, 'queued')
        return { cellState: 'queued', jobState: null }
      case 'cancelled':
        await writer.jobs.setCell({ ...cell, state: 'cancelled', attempts })
        return { cellState: 'cancelled', jobState: await settleJob(writer, cell.jobId) }
      case 'failed':
        await writer.jobs.setCell({ ...cell, state: 'failed', attempts }, end.error)
        return { cellState: 'failed', jobState: await settleJob(writer, cell.jobId) }
      case 'engine-gone':
        await writer.jobs.setCell({ ...cell, state: 'queued' })
        await writer.jobs.setState(cell.jobId, 'failed', end.error)
        return { cellState: 'queued', jobState: 'failed' }
    }
  })
}

/** A job whose cell has ended and that is paused waits as any other; whether it does. */
export function waitAgain(store: ProjectStore, jobId: string): Promise<boolean> {
  return store.write(async ({ jobs }) => {
    if ((await jobs.get(jobId))?.state !== 'running') return false
    await jobs.setState(jobId, 'queued')
    return true
  })
}

/** A running cell as if it were in no attempt: what a crash leaves of it counts for nothing. */
export function takeAttemptBack(store: ProjectStore, cell: Cell): Promise<void> {
  return store.write(({ jobs }) => jobs.setCell({ ...cell, state: 'running' }))
}

/** Puts back what was running when the store failed: that was no fault of the cell, and counts for nothing. */
export function putBackRunning(store: ProjectStore): Promise<void> {
  return store.write(async ({ jobs }) => {
    for (const cell of await jobs.runningCells())
      await jobs.setCell({ ...cell, state: 'queued', attempts: Math.max(0, cell.attempts - 1) })
  })
}

/** In one transaction, before anything runs. */
export function recoverQueue(store: ProjectStore): Promise<void> {
  return store.write(async (writer) => {
    for (const cell of await writer.jobs.runningCells()) await recoverCell(writer, cell)
    for (const job of await writer.jobs.list()) {
      if (job.state !== 'running') continue
      if ((await settleJob(writer, job.id)) === null) await writer.jobs.setState(job.id, 'queued')
    }
  })
}
