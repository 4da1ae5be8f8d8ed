/** A project that a command opens and closes again. */
import { resolve } from 'node:path'
import { errorToData, explainError } from '#engine/common/contract/errors.ts'
import { openOrCreateProject, openProject, type Project } from '#main/project/project.ts'
import type { CommandSession } from './session.ts'

/** Tells of damage in the project's file once all of it was read; a request to end ends that too. */
async function tellDamage({ integrity }: Project, { signal, progress }: CommandSession): Promise<void> {
  const stop = (): void => void integrity.close()
  if (signal.aborted) stop()
  signal.addEventListener('abort', stop)
  const damage = await integrity.ended
  signal.removeEventListener('abort', stop)
  if (damage === null) return
  progress.end()
  process.stderr.write(`${explainError(errorToData(damage))}\n`)
}

async function using<T>(
  project: Project,
  session: CommandSession,
  body: (project: Project) => Promise<T>
): Promise<T> {
  try {
    const result = await body(project)
    await tellDamage(project, session)
    return result
  } finally {
    await project.close()
  }
}

/** In the project of a file, made where there is none. */
export async function inProject<T>(
  path: string,
  session: CommandSession,
  body: (project: Project) => Promise<T>
): Promise<T> {
  return await using(await openOrCreateProject(resolve(path), session.engine), session, body)
}

/** In a project that is there. */
export async function inStoredProject<T>(
  path: string,
  session: CommandSession,
  body: (project: Project) => Promise<T>
): Promise<T> {
  return await using(await openProject(resolve(path), session.engine), session, body)
}

/** In the project of a file, made where there is none; without one where no file is named. */
export async function maybeInProject<T>(
  path: string | undefined,
  session: CommandSession,
  body: (project: Project | null) => Promise<T>
): Promise<T> {
  return path === undefined ? await body(null) : await inProject(path, session, body)
}
