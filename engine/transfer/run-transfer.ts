/** Serves `transfer.run`, `transfer.mixingBasis` and `transfer.ridgePath`: models from folders, then the method. */
import type { Progress } from '../contract/engine-methods.ts'
import type { MixingBasis } from '../contract/mixing.ts'
import type {
  MixingRequest,
  RidgePathRequest,
  RidgePoint,
  TransferRequest,
  TransferResult
} from '../contract/transfer.ts'
import { solveMixingBasis } from '../relative/mixing-basis.ts'
import { ridgePath } from '../relative/ridge-path.ts'
import { transfer } from '../relative/transfer.ts'
import type { WorkOptions } from '../relative/transfer-input.ts'
import type { Provider } from '../runtime/session.ts'
import { openTransfer } from './open-transfer.ts'

type CallContext = {
  readonly signal: AbortSignal
  readonly progress: (progress: Progress) => void
}

function workOptions({ signal, progress }: CallContext): WorkOptions {
  return { signal, progress: (done, total, label, values) => progress({ done, total, label, values }) }
}

/** A whole transfer. */
export async function runTransfer(
  request: TransferRequest,
  device: Provider,
  context: CallContext
): Promise<TransferResult> {
  const started = performance.now()
  context.progress({ done: 0, total: 1, label: 'opening the models' })
  const { sources, target, notes } = await openTransfer(request, device, context.signal)
  const { mask, solver, rescale } = request
  const { report, ...outcome } = await transfer(
    { sources, target, mask, solver, rescale },
    workOptions(context)
  )
  return {
    ...outcome,
    report: { ...report, notes: [...notes, ...report.notes] },
    device,
    seconds: (performance.now() - started) / 1000
  }
}

/** The basis from which any weights are mixed without the engine (`mix` of contract/mixing.ts). */
export async function runMixingBasis(
  request: MixingRequest,
  device: Provider,
  context: CallContext
): Promise<MixingBasis> {
  const { sources, target, notes } = await openTransfer(request, device, context.signal)
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
  const { sources, target } = await openTransfer(request, device, context.signal)
  const { mask, ridges, rescale } = request
  return await ridgePath({ sources, target, mask, rescale }, ridges, workOptions(context))
}
