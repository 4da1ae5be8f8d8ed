/** An open project: its store, its queue at work, and its orderly end. */
import { exists } from '#engine/common/files/exists.ts'
import { type BackgroundWeights, backgroundWeights } from '#main/catalogue/background-weights.ts'
import { workGroups } from '#main/experiments/execute/run-work-group.ts'
import { races } from '#main/experiments/race/race-job.ts'
import { openQueue, type Queue } from '#main/queue/queue.ts'
import { createStore, openStore, type ProjectStore } from '#store/project-store.ts'
import { type BackgroundIntegrity, checkInBackground } from './background-integrity.ts'
import type { EngineCalls, WorkbenchContext } from './context.ts'
import { readVersions } from './versions.ts'

export type { StoredRun } from '#store/records/runs.ts'

export type Project = WorkbenchContext & {
  readonly queue: Queue
  /** Hashes models beside the queue, where it is started. */
  readonly weights: BackgroundWeights
  /** Looks for damage in the file, from the start. */
  readonly integrity: BackgroundIntegrity
  /** Stops the queue, waits for the store, and leaves one single file. */
  close(): Promise<void>
}

async function startProject(store: ProjectStore, engine: EngineCalls): Promise<Project> {
  const context: WorkbenchContext = { store, engine }
  let versions: Record<string, string> | undefined
  const knownVersions = async (): Promise<Record<string, string>> => {
    versions ??= await readVersions(engine)
    return versions
  }
  try {
    const runGroup = workGroups({ ...context, versions: knownVersions })
    const runRace = races(context)
    const queue = await openQueue(store, (job, ...rest) =>
      (job.kind === 'race' ? runRace : runGroup)(job, ...rest)
    )
    const weights = backgroundWeights(context)
    const integrity = checkInBackground(store)
    return {
      ...context,
      queue,
      weights,
      integrity,
      close: async () => {
        // At once: an engine that dies from here on is no fault of the part at work.
        await Promise.all([queue.close(), weights.close(), integrity.close()])
        await store.close()
      }
    }
  } catch (error) {
    await store.close()
    throw error
  }
}

/** Makes a new project file and opens it. Errors as `createStore`. */
export async function createProject(path: string, engine: EngineCalls): Promise<Project> {
  return await startProject(await createStore(path), engine)
}

/** Opens a project, or makes it where there is none. */
export async function openOrCreateProject(path: string, engine: EngineCalls): Promise<Project> {
  return (await exists(path)) ? await openProject(path, engine) : await createProject(path, engine)
}

/** Opens a project file as its only writer; its queue goes on where it stopped. Errors as `openStore`. */
export async function openProject(path: string, engine: EngineCalls): Promise<Project> {
  return await startProject(await openStore(path), engine)
}
