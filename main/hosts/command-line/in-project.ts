/** A project that a command opens, or makes, and closes again. */
import { resolve } from 'node:path'
import { openOrCreateProject, type Project } from '#main/project/project.ts'
import type { CommandSession } from './session.ts'

export async function inProject<T>(
  path: string,
  { engine }: CommandSession,
  body: (project: Project) => Promise<T>
): Promise<T> {
  const project = await openOrCreateProject(resolve(path), engine)
  try {
    return await body(project)
  } finally {
    await project.close()
  }
}
