/** The workbench as its windows see it: every method answered, every change told to all of them. */
import { createListeners } from '../../../engine/rpc/listeners.ts'
import type { PayloadOf } from '../../../engine/rpc/method-map.ts'
import type { Handlers } from '../../../engine/rpc/serve.ts'
import type { Unsubscribe } from '../../../engine/rpc/transport.ts'
import type { WorkbenchContract } from '../../../preload/contract/workbench-methods.ts'
import type { EngineCalls } from '../context.ts'
import { anchorHandlers } from './anchor-handlers.ts'
import { createCurrentProject } from './current-project.ts'
import { mixHandlers } from './mix-handlers.ts'
import { modelHandlers } from './model-handlers.ts'
import { projectHandlers } from './project-handlers.ts'
import { promptHandlers } from './prompt-handlers.ts'
import { openRecentProjects } from './recent-projects.ts'
import type { WindowContext } from './window-context.ts'

type Change = PayloadOf<WorkbenchContract, 'workbench.changed'>

export type WindowService = {
  readonly handlers: Handlers<WorkbenchContract>
  /** Hears of every change, by whichever window. */
  onChange(listener: (change: Change) => void): Unsubscribe
  open(path: string): Promise<void>
  /** Closes the open project: the queue stops, the store is written out. */
  close(): Promise<void>
}

/** `recentFile` holds the list of recent projects. */
export function createWindowService(engine: EngineCalls, recentFile: string): WindowService {
  const changes = createListeners<Change>()
  const context: WindowContext = {
    engine,
    current: createCurrentProject(engine),
    recent: openRecentProjects(recentFile),
    changed: (what) => changes.emit({ what })
  }
  return {
    handlers: {
      ...projectHandlers(context),
      ...modelHandlers(context),
      ...promptHandlers(context),
      ...anchorHandlers(context),
      ...mixHandlers(context)
    },
    onChange: changes.add,
    open: context.current.open,
    close: context.current.close
  }
}
