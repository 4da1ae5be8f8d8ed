/**
 * The neural projector (Su et al. 2022, "On Transferability of Prompt Tuning for Natural Language Processing"; here as
 * Wu, Wu and Mou 2024 train it, appendix A.2): a network of two layers learns to make the target's embedding of each
 * anchor from the source's, and prompts are sent through it.
 */
import type { BaselineMethod } from '#engine/common/contract/baselines.ts'
import { AnchorageError, throwIfCancelled } from '#engine/common/contract/errors.ts'
import { gatherRows, type Matrix } from '#engine/common/contract/matrix.ts'
import { seededUniform, shuffled } from '#engine/common/random/seeded-random.ts'
import type { Provider } from '#engine/devices/session.ts'
import { type Dense, toDense } from '#engine/linear-algebra/dense.ts'
import { recentResults } from '#engine/memory/recent-results.ts'
import { createAdam } from '#engine/optimiser/adam.ts'
import type { WorkOptions } from '#engine/transfer/transfer-input.ts'
import {
  openProjector,
  type Projector,
  type ProjectorParameters,
  type ProjectorShape,
  parameterNames,
  startParameters
} from './projector-network.ts'
import type { AnchorPairs, GivenByNeed, TransferredVectors } from './transferred-vectors.ts'

export type ProjectorSettings = Extract<BaselineMethod, { kind: 'projector' }>

/** A projector after some epoch. */
type TrainedEpoch = { step: number; parameters: ProjectorParameters }

export type TrainedProjector = {
  shape: ProjectorShape
  /** The mean squared error over all anchors after each epoch. */
  loss: Float64Array<ArrayBuffer>
  chosen: TrainedEpoch
  snapshots: TrainedEpoch[]
}

/** Training takes minutes and does not depend on the prompts: the next task of the same models uses it again. */
const trainedProjectors = recentResults<TrainedProjector>({ most: 12 })

/** Vectors `[n, d]` sent through a projector trained on the anchors, or through the one that is kept of them. */
export async function projector(
  { vectors, anchors, learntFrom, device, options }: GivenByNeed['anchors'],
  settings: ProjectorSettings
): Promise<TransferredVectors> {
  const key = `${learntFrom} ${device} ${JSON.stringify(settings)}`
  const train = () => trainProjector(anchors, settings, device, options)
  return await projectVectors(await trainedProjectors.getLater(key, train), vectors, device)
}

/**
 * Trains on the anchors (Eq. 9, the mean over all values) with Adam, in a new order every epoch.
 * @throws AnchorageError `bad-value` where the training diverges, `cancelled`
 */
export async function trainProjector(
  anchors: AnchorPairs,
  settings: ProjectorSettings,
  device: Provider,
  { signal, progress }: WorkOptions = {}
): Promise<TrainedProjector> {
  const { hidden, epochs, seed, selection, snapshotEvery } = settings
  const shape = { source: anchors.source.columns, hidden, target: anchors.target.columns }
  const network = await openProjector(shape, device)
  const uniform = seededUniform(seed)
  const parameters = startParameters(shape, uniform)
  const descent = { network, parameters, take: parameterSteps(parameters), settings, signal }
  const losses: number[] = []
  const snapshots: TrainedEpoch[] = []
  let [chosen, lowest]: [TrainedEpoch, number] = [{ step: 0, parameters }, Number.POSITIVE_INFINITY]
  try {
    for (let step = 1; step <= epochs; step++) {
      const order = shuffled([...Array(anchors.source.rows).keys()], uniform)
      await trainEpoch(descent, anchors, order, (share, loss) =>
        progress?.(step - 1 + share, epochs, `training the projector, epoch ${step}`, { loss })
      )
      const loss = meanSquaredError(await network.project(parameters, anchors.source), anchors.target)
      requireFiniteLoss(loss, step)
      losses.push(loss)
      const epoch = { step, parameters: structuredClone(parameters) }
      if (snapshotEvery !== undefined && step % snapshotEvery === 0) snapshots.push(epoch)
      if (selection === 'last' || loss < lowest) [chosen, lowest] = [epoch, loss]
    }
  } finally {
    await network.release()
  }
  return { shape, loss: Float64Array.from(losses), chosen, snapshots }
}

/** Sends `vectors [n, d]` through the epoch chosen, and through those to choose among. */
export async function projectVectors(
  { shape, loss, chosen, snapshots }: TrainedProjector,
  vectors: Matrix,
  device: Provider
): Promise<TransferredVectors> {
  const network = await openProjector(shape, device)
  try {
    const project = async ({ parameters }: TrainedEpoch): Promise<Dense> =>
      toDense(await network.project(parameters, vectors))
    const shown: { step: number; vectors: Dense }[] = []
    for (const epoch of snapshots) shown.push({ step: epoch.step, vectors: await project(epoch) })
    return {
      vectors: await project(chosen),
      notes: [],
      lossCurve: { loss, chosenStep: chosen.step, snapshots: shown }
    }
  } finally {
    await network.release()
  }
}

type Descent = {
  network: Projector
  parameters: ProjectorParameters
  take: (gradient: ProjectorParameters, learningRate: number) => void
  settings: ProjectorSettings
  signal: AbortSignal | undefined
}

/** Adam over all parameters, which it changes in place. */
function parameterSteps(parameters: ProjectorParameters): Descent['take'] {
  const steps = parameterNames.map((name) => ({ name, take: createAdam(parameters[name].length) }))
  return (gradient, learningRate) => {
    for (const { name, take } of steps) take(parameters[name], gradient[name], learningRate)
  }
}

/** One step per batch of the anchors in the given order; the last batch may be smaller. */
async function trainEpoch(
  { network, parameters, take, settings: { batchSize, learningRate }, signal }: Descent,
  anchors: AnchorPairs,
  order: readonly number[],
  onBatch: (share: number, loss: number) => void
): Promise<void> {
  for (let start = 0; start < order.length; start += batchSize) {
    throwIfCancelled(signal)
    const batch = order.slice(start, start + batchSize)
    const { loss, gradient } = await network.gradient(
      parameters,
      gatherRows(anchors.source, batch),
      gatherRows(anchors.target, batch)
    )
    take(gradient, learningRate)
    onBatch((start + batch.length) / order.length, loss)
  }
}

/** Over all values of two matrices of one shape. */
function meanSquaredError({ data }: Matrix, { data: expected }: Matrix): number {
  let sum = 0
  for (let at = 0; at < data.length; at++) sum += (data[at] - expected[at]) ** 2
  return sum / data.length
}

function requireFiniteLoss(loss: number, epoch: number): void {
  if (Number.isFinite(loss)) return
  throw new AnchorageError('bad-value', 'The training of the projector diverged.', {
    where: `epoch ${epoch}`,
    found: `a mean squared error of ${loss}`,
    expected: 'a finite number',
    next: 'Lower its learning rate.'
  })
}
