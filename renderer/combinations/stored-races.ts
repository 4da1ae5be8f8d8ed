/** The races of the project, found or still in the queue, and which of them are of a scope. */
import { useQuery } from '@tanstack/react-query'
import { hasEqualWeights } from '#engine/common/statistics/zero-shot-choices.ts'
import type { JobEntry } from '#preload/contract/job-methods.ts'
import type { OpenRace, StoredRace } from '#preload/contract/race-methods.ts'
import { useJobs } from '#renderer/connection/queries.ts'
import { useWorkbench } from '#renderer/connection/workbench.tsx'
import type { Scope } from '#renderer/runs/scope.ts'

export type RacedAmong = 'sets' | 'weights'

/** Whether sets were raced, or weights of one set. */
export function racedAmong({ sets }: Pick<OpenRace, 'sets'>): RacedAmong {
  return sets.every(hasEqualWeights) ? 'sets' : 'weights'
}

/** Whether a race is on the target and in the settings of the scope. */
function isOf(
  { target, transfer, rankWithin }: Pick<OpenRace, 'target' | 'transfer' | 'rankWithin'>,
  { runs: [first] }: Scope
): boolean {
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

/** Of a scope, among sets or among weights: the race that was found last, and the job of the one that has not finished. */
export function useRaces(scope: Scope, among: RacedAmong): { stored?: StoredRace; job?: JobEntry } {
  const { call } = useWorkbench()
  const stored = useQuery({ queryKey: ['runs', 'races'], queryFn: () => call('races.list', {}) })
  const open = useQuery({ queryKey: ['jobs', 'races'], queryFn: () => call('races.open', {}) })
  const jobs = useJobs()
  const isOwn = (race: OpenRace | StoredRace): boolean => isOf(race, scope) && racedAmong(race) === among
  const own = open.data?.filter(isOwn).map(({ jobId }) => jobId) ?? []
  return {
    stored: stored.data?.find(isOwn),
    // The list is newest first.
    job: jobs.data?.find(({ id, state }) => own.includes(id) && state !== 'finished')
  }
}
