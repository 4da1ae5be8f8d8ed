/** Serves the transfers of the contract: models from folders, then the method. */
import type { Progress } from '#engine/common/contract/engine-methods.ts'
import type {
  MixingRequest,
  RidgePathRequest,
  RidgePoint,
  TransferRequest,
  TransferResult
} from '#engine/common/contract/transfer.ts'
import type { MixingBasis } from '#engine/common/mixing/mixing.ts'
import type { Provider } from '#engine/devices/session.ts'
import { solveMixingBasis } from './mixing-basis.ts'
import { openTransfer } from './open-transfer.ts'
import type { SourceAnchors } from './relative-code.ts'
import { ridgePath } from './ridge-path.ts'
import { transfer } from './transfer.ts'
import type { TransferSource, WorkOptions } from './transfer-input.ts'

export type CallContext = {
  readonly signal: AbortSignal
  readonly progress: (progress: Progress) => void
}

/** The way of a call's progress into the method. */
export function workOptions({ signal, progress }: CallContext): WorkOptions {
  return { signal, progress: (done, total, label, values) => progress({ done, total, label, values }) }
}

/** Each source's prompt and weight with its prepared anchors. */
function withPrompts(
  requested: TransferRequest['sources'],
  spaces: readonly SourceAnchors[]
): TransferSource[] {
  return requested.map(({ prompt, weight }, j) => ({ space: spaces[j], prompt, weight }))
}

/** A whole transfer. */
export async function runTransfer(
  request: TransferRequest,
  device: Provider,
  context: CallContext
): Promise<TransferResult> {
  const started = performance.now()
  context.progress({ done: 0, total: 1, label: 'opening the models' })
  const { target, notes, sameModels, ...opened } = await openTransfer(request, device, context.signal)
  const sources = withPrompts(request.sources, opened.sources)
  const { mask, search, rescale } = request
  const { report, ...outcome } = await transfer(
    { sources, target, mask, search, rescale },
    workOptions(context)
  )
  return {
    ...outcome,
    report: { ...report, notes: [...notes, ...sameModels, ...report.notes] },
    device,
    seconds: (performance.now() - started) / 1000
  }
}

/**
 * The basis from which any weights are mixed without the engine (`mix` of mixing/mixing.ts). Its notes hold for whichever of
 * the sources are mixed.
 */
export async function runMixingBasis(
  request: MixingRequest,
  device: Provider,
  context: CallContext
): Promise<MixingBasis> {
  const { target, notes, ...opened } = await openTransfer(request, device, context.signal)
  const sources = withPrompts(request.sources, opened.sources)
  const { mask, ridge, rescale } = request
  const basis = await solveMixingBasis({ sources, target, mask, ridge, rescale }, workOptions(context))
  return { ...basis, notes: [...notes, ...basis.notes] }
}

/** The exact result at every λ asked for. */
export async function runRidgePath(
  request: RidgePathRequest,
  device: Provider,
  context: CallContext
): Promise<RidgePoint[]> {
  const { target, ...opened } = await openTransfer(request, device, context.signal)
  const sources = withPrompts(request.sources, opened.sources)
  const { mask, ridges, rescale } = request
  return await ridgePath({ sources, target, mask, rescale }, ridges, workOptions(context))
}
