/** Serves `baselines.carry`: opens both models, carries all prompts of the request by one method, rescales. */
import type {
  CarryMethod,
  CarryRequest,
  CarryResult,
  methodsWithoutAnchors
} from '#engine/common/contract/baselines.ts'
import { AnchorageError } from '#engine/common/contract/errors.ts'
import type { Matrix } from '#engine/common/contract/matrix.ts'
import type { Provider } from '#engine/devices/session.ts'
import { type Dense, toDense, toMatrix } from '#engine/linear-algebra/dense.ts'
import { hashAnchors } from '#engine/models/anchors/anchor-text.ts'
import { type OpenModel, openModel } from '#engine/models/open-model.ts'
import { randomVectors } from '#engine/models/random-vectors.ts'
import { type OpenTransfer, openTransfer } from '#engine/transfer/open-transfer.ts'
import { recentResults } from '#engine/transfer/recent-results.ts'
import { requireVectors } from '#engine/transfer/relative-code.ts'
import { rescale } from '#engine/transfer/rescale.ts'
import { type CallContext, workOptions } from '#engine/transfer/run-transfer.ts'
import { splitPrompts, stackPrompts } from '#engine/transfer/stacked-prompts.ts'
import type { WorkOptions } from '#engine/transfer/transfer-input.ts'
import type { CarriedVectors } from './carried-vectors.ts'
import { directCopy } from './direct-copy.ts'
import { discretize } from './discretization.ts'
import { inverseRelative } from './inverse-relative.ts'
import { leastSquares } from './least-squares.ts'
import { procrustes } from './procrustes.ts'
import { projectVectors, type TrainedProjector, trainProjector } from './projector.ts'
import { sparseCodes } from './sparse-codes.ts'
import { whitenedProcrustes } from './whitened-procrustes.ts'

/** Training takes minutes and does not depend on the prompts: the next task of the same models uses it again. */
const trainedProjectors = recentResults<TrainedProjector>(12)

/** Methods that learn from the same words in both tables. */
type AnchoredMethod = Exclude<CarryMethod, { kind: (typeof methodsWithoutAnchors)[number] }>

/**
 * Carries every prompt of a source to the target.
 * @throws AnchorageError for prompts that are not of the source, methods that do not fit the models, `cancelled`
 */
export async function runCarry(
  request: CarryRequest,
  device: Provider,
  context: CallContext
): Promise<CarryResult> {
  const started = performance.now()
  context.progress({ done: 0, total: 1, label: 'opening the models' })
  const source = await openModel(request.source.model, context.signal)
  const target = await openModel(request.target, context.signal)
  for (const prompt of request.source.prompts) requireVectors(prompt, source.report.name, source.report.width)
  const { vectors, notes, search } = await carry(request, source, target, device, context)
  const lengths = request.source.prompts.map(({ rows }) => rows)
  const finish = (found: Dense): Matrix[] =>
    splitPrompts(found, lengths).map((prompt) =>
      toMatrix(request.rescale === 'after' ? rescale(prompt, target.report) : prompt)
    )
  return {
    prompts: finish(vectors),
    search:
      search === undefined
        ? null
        : {
            ...search,
            snapshots: search.snapshots.map((shown) => ({ step: shown.step, prompts: finish(shown.vectors) }))
          },
    notes,
    device,
    seconds: (performance.now() - started) / 1000
  }
}

/** The vectors of all prompts, carried together. */
async function carry(
  { method, source: { model, prompts }, target: targetModel, anchors }: CarryRequest,
  source: OpenModel,
  target: OpenModel,
  device: Provider,
  context: CallContext
): Promise<CarriedVectors> {
  switch (method.kind) {
    case 'random': {
      const drawn = prompts.map(({ rows }) => randomVectors(rows, method.seed, target.report))
      return { vectors: toDense(stackPrompts(drawn)), notes: [] }
    }
    case 'direct-copy':
      return directCopy(stackPrompts(prompts), target.report)
    case 'discretization':
      return await discretize(stackPrompts(prompts), source, target, device)
    default: {
      if (anchors.length === 0)
        throw new AnchorageError('bad-argument', 'This method learns from anchors, and none were given.', {
          where: 'anchors',
          expected: 'words that both models know',
          next: 'Give an anchor set made with both models.'
        })
      const sides = { sources: [{ model }], target: targetModel, anchors }
      const opened = await openTransfer(sides, device, context.signal)
      const learntFrom = [
        source.report.fingerprint.table,
        target.report.fingerprint.table,
        hashAnchors(anchors)
      ]
      const carried = await carryByAnchors(
        method,
        stackPrompts(prompts),
        opened,
        device,
        learntFrom.join(' '),
        workOptions(context)
      )
      return { ...carried, notes: [...opened.notes, ...carried.notes] }
    }
  }
}

/** @param learntFrom names the tables and anchors */
async function carryByAnchors(
  method: AnchoredMethod,
  vectors: Matrix,
  { sources: [source], target: { space } }: OpenTransfer,
  device: Provider,
  learntFrom: string,
  options: WorkOptions
): Promise<CarriedVectors> {
  const anchors = { source: source.anchors, target: space.anchors }
  switch (method.kind) {
    case 'projector': {
      const key = `${learntFrom} ${device} ${JSON.stringify(method)}`
      const train = () => trainProjector(anchors, method, device, options)
      return await projectVectors(await trainedProjectors.getLater(key, train), vectors, device)
    }
    case 'least-squares':
      return await leastSquares(anchors, vectors, 0)
    case 'ridge':
      return await leastSquares(anchors, vectors, method.lambda)
    case 'procrustes':
      return await procrustes(anchors, vectors, method.centre, options)
    case 'whitened-procrustes':
      return await whitenedProcrustes(anchors, vectors, method.centre, options)
    case 'inverse-relative':
      return await inverseRelative(source, space, vectors)
    case 'sparse-codes':
      return await sparseCodes(anchors, vectors, method.atoms, options)
  }
}
