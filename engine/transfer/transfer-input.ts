/** What the method is given: matrices, prepared once per model and anchor set, and settings. */
import type { Matrix } from '#engine/common/contract/matrix.ts'
import type { MaskSettings, Rescale, SearchSettings } from '#engine/common/contract/transfer.ts'
import type { TargetTable } from '#engine/neighbours/word-table.ts'
import type { SourceAnchors } from './relative-code.ts'
import type { TargetSpace } from './target-space.ts'

export type TransferSource = {
  space: SourceAnchors
  /** `[m, d]`. */
  prompt: Matrix
  weight: number
}

export type TransferTarget = { space: TargetSpace; table: TargetTable }

export type TransferInput = {
  sources: readonly TransferSource[]
  target: TransferTarget
  mask: MaskSettings
  search: SearchSettings
  rescale: Rescale
}

/** Several prompts from the same sources to one target, for the exact search. */
export type SuiteInput = Omit<TransferInput, 'sources' | 'search' | 'rescale'> & {
  /** Each with its prompts `[m, d]` in one order. */
  sources: readonly { space: SourceAnchors; prompts: readonly Matrix[]; weight: number }[]
  /** λ. */
  ridge: number
  rescale: 'after' | 'none'
}

/** What every long piece of work of the method takes. */
export type WorkOptions = {
  signal?: AbortSignal | undefined
  progress?:
    | ((done: number, total: number, label: string, values?: Record<string, number>) => void)
    | undefined
}
