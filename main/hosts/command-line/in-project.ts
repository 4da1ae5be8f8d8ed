/** A project that a command opens and closes again. */
import { resolve } from 'node:path'
import type { ModelReference } from '#engine/common/contract/models.ts'
import type { RunModel } from '#main/experiments/record-results.ts'
import { weightsKnownIn } from '#main/project/known-weights.ts'
import { openOrCreateProject, openProject, type Project } from '#main/project/project.ts'
import type { CommandSession } from './session.ts'

async function using<T>(project: Project, body: (project: Project) => Promise<T>): Promise<T> {
  try {
    return await body(project)
  } finally {
    await project.close()
  }
}

/** In the project of a file, made where there is none. */
export async function inProject<T>(
  path: string,
  { engine }: CommandSession,
  body: (project: Project) => Promise<T>
): Promise<T> {
  return await using(await openOrCreateProject(resolve(path), engine), body)
}

/** In a project that is there. */
export async function inStoredProject<T>(
  path: string,
  { engine }: CommandSession,
  body: (project: Project) => Promise<T>
): Promise<T> {
  return await using(await openProject(resolve(path), engine), body)
}

/** The weights of a model before it is run, for the project that records it; null where none does. */
export async function hashBefore(
  reference: ModelReference,
  project: string | undefined,
  { engine, signal, progress }: CommandSession
): Promise<RunModel | null> {
  if (project === undefined) return null
  const hash = await weightsKnownIn(resolve(project), engine)
  return { reference, weights: (await hash(reference, { signal, onProgress: progress.show })).weights }
}
