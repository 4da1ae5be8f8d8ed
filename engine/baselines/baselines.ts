/**
 * The baselines by kind: what each needs, and how it runs. A new one is its file, its settings in the contract and its
 * entry here; the tests ask for an independent computation of every kind.
 */
import type { BaselineMethod } from '#engine/common/contract/baselines.ts'
import { directCopy } from './direct-copy.ts'
import { discretize } from './discretization.ts'
import { inverseRelative } from './inverse-relative.ts'
import { leastSquares } from './least-squares.ts'
import { procrustes } from './procrustes.ts'
import { projector } from './projector.ts'
import { drawVectors } from './random.ts'
import { sparseCodes } from './sparse-codes.ts'
import type { GivenByNeed, TransferredVectors } from './transferred-vectors.ts'
import { whitenedProcrustes } from './whitened-procrustes.ts'

export type BaselineKind = BaselineMethod['kind']
export type SettingsByKind = { [Kind in BaselineKind]: Extract<BaselineMethod, { kind: Kind }> }

type BaselineNeeding<Need extends keyof GivenByNeed, Settings> = {
  readonly needs: Need
  /** The vectors of one source's prompts in the space of the target. */
  readonly run: (
    given: GivenByNeed[Need],
    settings: Settings
  ) => TransferredVectors | Promise<TransferredVectors>
}
export type Baseline<Settings> = {
  [Need in keyof GivenByNeed]: BaselineNeeding<Need, Settings>
}[keyof GivenByNeed]

export const baselines: { readonly [Kind in BaselineKind]: Baseline<SettingsByKind[Kind]> } = {
  random: {
    needs: 'target',
    run: ({ lengths, target }, { seed }) => drawVectors(lengths, seed, target.report)
  },
  'direct-copy': {
    needs: 'models',
    run: ({ vectors, source, target }) => directCopy(vectors, source.report.name, target.report)
  },
  discretization: {
    needs: 'models',
    run: ({ vectors, source, target, device }) => discretize(vectors, source, target, device)
  },
  projector: { needs: 'anchors', run: projector },
  'least-squares': {
    needs: 'anchors',
    run: ({ anchors, vectors }) => leastSquares(anchors, vectors, 0)
  },
  ridge: {
    needs: 'anchors',
    run: ({ anchors, vectors }, { lambda }) => leastSquares(anchors, vectors, lambda)
  },
  procrustes: {
    needs: 'anchors',
    run: ({ anchors, vectors, options }) => procrustes(anchors, vectors, options)
  },
  'whitened-procrustes': {
    needs: 'anchors',
    run: ({ anchors, vectors, options }) => whitenedProcrustes(anchors, vectors, options)
  },
  'inverse-relative': {
    needs: 'anchors',
    run: ({ source, target, vectors }) => inverseRelative(source, target, vectors)
  },
  'sparse-codes': {
    needs: 'anchors',
    run: ({ anchors, vectors, options }, { atoms }) => sparseCodes(anchors, vectors, atoms, options)
  }
}
