/** What the services of the workbench work with: the open project's store, and the engine by its calls. */
import type { ProjectStore } from '../store/project-store.ts'
import type { EngineProcess } from './engine-process.ts'

export type EngineCalls = Pick<EngineProcess, 'call'>

export type WorkbenchContext = {
  readonly store: ProjectStore
  readonly engine: EngineCalls
}
