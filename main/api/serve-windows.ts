/** The workbench as its windows see it: every method answered, every change told to all of them. */
import { dirname, join } from 'node:path'
import { createListeners } from '#engine/common/rpc/listeners.ts'
import type { PayloadOf } from '#engine/common/rpc/method-map.ts'
import type { Handlers, Server } from '#engine/common/rpc/serve.ts'
import type { Transport, Unsubscribe } from '#engine/common/rpc/transport.ts'
import type { SupervisedEngine } from '#main/project/context.ts'
import type { WorkbenchContract } from '#preload/contract/workbench-methods.ts'
import { anchorHandlers } from './anchor-handlers.ts'
import { createCurrentProject } from './current-project.ts'
import { experimentHandlers } from './experiment-handlers.ts'
import { exportHandlers } from './export-handlers.ts'
import { followQueue } from './follow-queue.ts'
import { jobHandlers } from './job-handlers.ts'
import { mixHandlers } from './mix-handlers.ts'
import { modelHandlers } from './model-handlers.ts'
import { projectHandlers } from './project-handlers.ts'
import { promptHandlers } from './prompt-handlers.ts'
import { raceHandlers } from './race-handlers.ts'
import { openRecentProjects } from './recent-projects.ts'
import { runHandlers } from './run-handlers.ts'
import { taskHandlers } from './task-handlers.ts'
import { createToldProgress } from './told-progress.ts'
import { openTourSeen } from './tour-seen.ts'
import { viewHandlers } from './view-handlers.ts'
import type { WindowContext } from './window-context.ts'

type Change = PayloadOf<WorkbenchContract, 'workbench.changed'>
type Progress = PayloadOf<WorkbenchContract, 'job.progress'>

export type WindowService = {
  readonly handlers: Handlers<WorkbenchContract>
  /** Hears of every change, by whichever window. */
  onChange(listener: (change: Change) => void): Unsubscribe
  /** Hears how far the job at work is, first what was told of the part at work already. */
  onProgress(listener: (progress: Progress) => void): Unsubscribe
  open(path: string): Promise<void>
  /** Closes the open project: the queue stops, the store is written out. */
  close(): Promise<void>
}

/** Tells a window of every change and of the work at hand, for as long as it is connected. */
export function tellWindow(
  service: WindowService,
  window: Pick<Server<WorkbenchContract>, 'emit'>,
  transport: Transport
): void {
  transport.onClose(service.onChange((change) => window.emit('workbench.changed', change)))
  transport.onClose(service.onProgress((progress) => window.emit('job.progress', progress)))
}

export type WindowServiceSettings = {
  readonly engine: SupervisedEngine
  /** Holds the list of recent projects; what else is the person's own and no project's lies beside it. */
  readonly recentFile: string
  /** The sample that ships with the program; the templates of experiments lie beside it. */
  readonly sampleFolder: string
  /** The person's documents, among which copies of the sample go. */
  readonly documents: () => string
}

export function createWindowService({
  engine,
  recentFile,
  sampleFolder,
  documents
}: WindowServiceSettings): WindowService {
  const changes = createListeners<Change>()
  const steps = createListeners<Progress>()
  const told = createToldProgress()
  const changed: WindowContext['changed'] = (what) => changes.emit({ what })
  const context: WindowContext = {
    engine,
    current: createCurrentProject(engine, ({ queue, weights, integrity }) => {
      void integrity.ended.then((damage) => {
        if (damage !== null) changed('state')
      })
      const unfollow = followQueue(queue, {
        changed,
        progressed: (progress) => {
          told.add(progress)
          steps.emit(progress)
        }
      })
      const unhear = weights.onChange(() => {
        changed('models')
        // What is known of a model's weights is said of its runs too.
        if (weights.hashing() === null) changed('runs')
      })
      return () => {
        unfollow()
        unhear()
        told.clear()
      }
    }),
    recent: openRecentProjects(recentFile),
    tour: openTourSeen(join(dirname(recentFile), 'tour.json')),
    sampleFolder,
    documents,
    changed
  }
  engine.onGivenUp(() => changed('state'))
  engine.onSetAside(() => changed('state'))
  return {
    handlers: {
      ...projectHandlers(context),
      ...modelHandlers(context),
      ...promptHandlers(context),
      ...anchorHandlers(context),
      ...mixHandlers(context),
      ...raceHandlers(context),
      'removals.undo': async ({ removalId }) => {
        const lists = await context.current.require().removals.undo(removalId)
        for (const list of lists) changed(list)
        return {}
      },
      ...taskHandlers(context),
      ...jobHandlers(context),
      ...runHandlers(context),
      ...exportHandlers(context),
      ...viewHandlers(context),
      ...experimentHandlers(context)
    },
    onChange: changes.add,
    onProgress: (listener) => {
      for (const progress of told.all()) listener(progress)
      return steps.add(listener)
    },
    open: context.current.open,
    close: context.current.close
  }
}
