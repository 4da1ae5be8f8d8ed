/** The basis of a mixture, solved once for its sides, and what the target is like seen through the anchors. */
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import type { MixingBasis } from '#engine/common/mixing/mixing.ts'
import { useWorkbench } from '#renderer/connection/workbench.tsx'
import { type MixSides, withWeights } from './mix-choice.ts'

/** A basis with the sides that it was solved for: while others are being solved, these still fit together. */
export type SolvedMixture = { readonly sides: MixSides; readonly basis: MixingBasis }

/** Every source alike: what is asked here does not depend on the weights. */
const equal: readonly number[] = []

export function useBasis(sides: MixSides) {
  const { call } = useWorkbench()
  return useQuery<SolvedMixture>({
    queryKey: ['mix', 'basis', sides],
    placeholderData: keepPreviousData,
    // Large arrays are not compared with those before.
    structuralSharing: false,
    queryFn: async ({ signal }) => ({
      sides,
      basis: await call('mix.basis', withWeights(sides, equal), { signal })
    })
  })
}

/** The report of the mixture of equal weights: its notes and the condition of the target's anchors are everyone's. */
export function useSpaceReport(sides: MixSides) {
  const { call } = useWorkbench()
  return useQuery({
    queryKey: ['mix', 'space', sides],
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => call('mix.transfer', withWeights(sides, equal), { signal })
  })
}
