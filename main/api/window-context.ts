/** What the methods that windows call are answered with. */

import type { PayloadOf } from '#engine/common/rpc/method-map.ts'
import type { SupervisedEngine } from '#main/project/context.ts'
import type { WorkbenchContract } from '#preload/contract/workbench-methods.ts'
import type { CurrentProject } from './current-project.ts'
import type { RecentProjects } from './recent-projects.ts'
import type { TourSeen } from './tour-seen.ts'

export type WindowContext = {
  readonly engine: SupervisedEngine
  readonly current: CurrentProject
  readonly recent: RecentProjects
  readonly tour: TourSeen
  readonly sampleFolder: string
  readonly documents: () => string
  /** Tells every window what was changed. */
  readonly changed: (what: PayloadOf<WorkbenchContract, 'workbench.changed'>['what']) => void
}
