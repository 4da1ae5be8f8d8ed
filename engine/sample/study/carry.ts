/** Carries tuned prompts to a target for the study. */
import type { Anchor } from '#engine/common/contract/anchors.ts'
import type { Matrix } from '#engine/common/contract/matrix.ts'
import type {
  MaskSettings,
  Rescale,
  SolverSettings,
  TransferResult
} from '#engine/common/contract/transfer.ts'
import { runTransfer } from '#engine/transfer/run-transfer.ts'
import { modelFolder, type SampleFolders } from './sample-folders.ts'

export type CarrySettings = {
  readonly anchors: readonly Anchor[]
  readonly mask: MaskSettings
  readonly solver: SolverSettings
  readonly rescale: Rescale
}

/** One transfer of prompts, one per source. */
export async function carry(
  folders: SampleFolders,
  sources: readonly { readonly model: string; readonly prompt: Matrix }[],
  target: string,
  settings: CarrySettings
): Promise<TransferResult> {
  const { anchors, mask, solver, rescale } = settings
  return await runTransfer(
    {
      sources: sources.map(({ model, prompt }) => ({
        model: { folder: modelFolder(folders, model) },
        prompt,
        weight: 1
      })),
      target: { folder: modelFolder(folders, target) },
      anchors: [...anchors],
      mask,
      centre: 'none',
      solver,
      rescale,
      device: 'cpu'
    },
    'cpu',
    { signal: new AbortController().signal, progress: () => {} }
  )
}
