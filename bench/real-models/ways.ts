/** The ways of transferring that are compared. */
import type { EngineArguments } from '#engine/common/contract/engine-methods.ts'

type Asked = EngineArguments<'transfer.retrieval'>

export type Way = { readonly name: string } & Pick<Asked, 'mask' | 'method'> & {
    readonly centre: 'none' | 'mean'
    readonly rescale: 'after' | 'none'
  }

function exact(centre: Way['centre'], ridge: number, k?: number): Way {
  const mask = k === undefined ? ({ kind: 'all' } as const) : ({ kind: 'top-k', k } as const)
  const name = `${centre === 'mean' ? 'centred' : 'not centred'}${k === undefined ? '' : `, top-k ${k}`}, λ ${ridge}`
  return {
    name,
    centre,
    mask,
    rescale: 'after',
    method: { by: 'transfer', search: { kind: 'exact', ridge } }
  }
}

/** What the others are held against. */
export const compared = exact('mean', 0.01)

/** Where refinement starts. */
export const refinedFrom = exact('mean', 1)

export const ways: readonly Way[] = [
  exact('none', 0.01, 8192),
  exact('none', 0.01),
  compared,
  refinedFrom,
  exact('mean', 10),
  {
    name: 'Procrustes, centred',
    centre: 'mean',
    mask: { kind: 'all' },
    rescale: 'none',
    method: { by: 'baseline', baseline: { kind: 'procrustes' } }
  },
  {
    name: 'ridge map, centred, λ 1',
    centre: 'mean',
    mask: { kind: 'all' },
    rescale: 'none',
    method: { by: 'baseline', baseline: { kind: 'ridge', lambda: 1 } }
  }
]
