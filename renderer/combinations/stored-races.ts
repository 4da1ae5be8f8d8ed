/** The races that the project keeps, and which of them are of a scope. */
import { useQuery } from '@tanstack/react-query'
import { hasEqualWeights } from '#engine/common/statistics/zero-shot-choices.ts'
import type { StoredRace } from '#preload/contract/race-methods.ts'
import { useWorkbench } from '#renderer/connection/workbench.tsx'
import type { Scope } from '#renderer/runs/scope.ts'

export type RacedAmong = 'sets' | 'weights'

/** Whether sets were raced, or weights of one set. */
export function racedAmong({ sets }: StoredRace): RacedAmong {
  return sets.every(hasEqualWeights) ? 'sets' : 'weights'
}

/** Whether a race was on the target and in the settings of the scope. */
function isOf({ target, transfer, rankWithin }: StoredRace, { runs: [first] }: Scope): boolean {
  const { method, anchors, mask, centre, rescale, length } = transfer
  return (
    first !== undefined &&
    target.fingerprint.table === first.targetTable &&
    method.kind === first.method &&
    (method.kind === 'exact' ? method.ridge : null) === first.ridge &&
    anchors?.name === first.anchorSet &&
    anchors?.count === first.anchors &&
    mask?.kind === first.mask &&
    (mask === null || mask.kind === 'all' ? null : mask.k) === first.kept &&
    centre === first.centre &&
    rescale === first.rescale &&
    (length === null || length === first.promptLength) &&
    rankWithin === first.rankWithin
  )
}

/** The newest race of the scope among sets, and among weights. */
export function useStoredRaces(scope: Scope): Readonly<Partial<Record<RacedAmong, StoredRace>>> {
  const { call } = useWorkbench()
  const { data = [] } = useQuery({ queryKey: ['runs', 'races'], queryFn: () => call('races.list', {}) })
  const own = data.filter((race) => isOf(race, scope))
  const newest = (among: RacedAmong) => {
    const race = own.find((one) => racedAmong(one) === among)
    return race === undefined ? {} : { [among]: race }
  }
  return { ...newest('sets'), ...newest('weights') }
}
