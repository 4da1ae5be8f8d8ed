/** The one project that the windows of a workbench look at: opened, changed for another, closed. */
import { AnchorageError } from '#engine/common/contract/errors.ts'
import type { Unsubscribe } from '#engine/common/rpc/transport.ts'
import type { EngineCalls } from '#main/project/context.ts'
import { createProject, openProject, type Project } from '#main/project/project.ts'
import { createRemovals, type Removals } from './removals.ts'

export type OpenedProject = {
  readonly project: Project
  /** What was removed since it was opened. */
  readonly removals: Removals
}

export type CurrentProject = {
  readonly path: string | null
  /** The damage found in its file so far, or null. */
  readonly damage: AnchorageError | null
  create(path: string): Promise<void>
  open(path: string): Promise<void>
  close(): Promise<void>
  /** The open project. @throws `not-found` on the start screen */
  require(): OpenedProject
}

/** `follow` is told of every project that is opened, and gives back what ends it. */
export function createCurrentProject(
  engine: EngineCalls,
  follow: (project: Project) => Unsubscribe
): CurrentProject {
  let current: OpenedProject | null = null
  let unfollow: Unsubscribe = () => {}
  // Opening and closing wait for each other: two windows may ask at once.
  let last: Promise<void> = Promise.resolve()
  const inOrder = (step: () => Promise<void>): Promise<void> => {
    const done = last.then(step)
    last = done.catch(() => {})
    return done
  }
  const close = async (): Promise<void> => {
    const closing = current
    current = null
    unfollow()
    await closing?.project.close()
  }
  const change = async (start: () => Promise<Project>): Promise<void> => {
    const project = await start()
    try {
      await close()
    } catch (error) {
      await project.close()
      throw error
    }
    current = { project, removals: createRemovals(project.store) }
    unfollow = follow(project)
    project.weights.start()
  }
  return {
    get path() {
      return current?.project.store.path ?? null
    },
    get damage() {
      return current?.project.integrity.damage() ?? null
    },
    create: (path) => inOrder(() => change(() => createProject(path, engine))),
    open: (path) =>
      inOrder(async () => {
        if (current?.project.store.path !== path) await change(() => openProject(path, engine))
      }),
    close: () => inOrder(close),
    require() {
      if (current !== null) return current
      throw new AnchorageError('not-found', 'No project is open.', {
        next: 'Open a project, or make a new one.'
      })
    }
  }
}
