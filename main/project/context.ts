/** What the services of the workbench work with: the open project's store, and the engine by its calls. */

import type { EngineProcess, EngineSupervision } from '#main/engine-process/engine-process.ts'
import type { ProjectStore } from '#store/project-store.ts'

export type EngineCalls = Pick<EngineProcess, 'call'>

/** An engine that may be given up, and the way back. */
export type SupervisedEngine = EngineCalls & EngineSupervision

export type WorkbenchContext = {
  readonly store: ProjectStore
  readonly engine: EngineCalls
}

/** What the parts of a job are computed with. */
export type CellContext = WorkbenchContext & {
  /** Of the program and what it runs on, for the manifests. */
  readonly versions: () => Promise<Record<string, string>>
}
