/** What windows were told of the part at work, for a window that opens meanwhile: its curve begins where it began. */
import type { PayloadOf } from '#engine/common/rpc/method-map.ts'
import type { WorkbenchContract } from '#preload/contract/workbench-methods.ts'

type Progress = PayloadOf<WorkbenchContract, 'job.progress'>

export type ToldProgress = {
  add(progress: Progress): void
  /** What has values, in its order; of one part of one job. */
  all(): readonly Progress[]
  clear(): void
}

export function createToldProgress(): ToldProgress {
  let told: Progress[] = []
  return {
    add(progress) {
      const [first] = told
      if (first !== undefined && (first.jobId !== progress.jobId || first.label !== progress.label)) told = []
      if (progress.progress.values !== undefined) told.push(progress)
    },
    all: () => told,
    clear() {
      told = []
    }
  }
}
