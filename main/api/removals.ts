/** What windows took out of the open project, kept for as long as it is open so that it can be put back. */
import { randomUUID } from 'node:crypto'
import { AnchorageError } from '#engine/common/contract/errors.ts'
import type { PayloadOf } from '#engine/common/rpc/method-map.ts'
import type { WorkbenchContract } from '#preload/contract/workbench-methods.ts'
import type { ProjectStore } from '#store/project-store.ts'
import type { TakenRows } from '#store/records/taken-rows.ts'

type Change = PayloadOf<WorkbenchContract, 'workbench.changed'>['what']

type Removal = { readonly lists: readonly Change[]; readonly taken: TakenRows }

/** Removals that can be undone; older ones are forgotten. */
const remembered = 20

export type Removals = {
  /** Remembers what was taken from these lists; the id to put it back by. */
  note(lists: readonly Change[], taken: TakenRows): string
  /**
   * Puts back what was taken; the lists that have changed.
   * @throws `not-found` for a removal that is not remembered, `bad-argument` where its place is taken
   */
  undo(removalId: string): Promise<readonly Change[]>
}

export function createRemovals(store: ProjectStore): Removals {
  const removals = new Map<string, Removal>()
  return {
    note(lists, taken) {
      const id = randomUUID()
      removals.set(id, { lists, taken })
      for (const oldest of removals.keys()) {
        if (removals.size <= remembered) break
        removals.delete(oldest)
      }
      return id
    },
    async undo(removalId) {
      const removal = removals.get(removalId)
      if (removal === undefined)
        throw new AnchorageError('not-found', 'This removal can’t be undone any more.', {
          found: removalId,
          expected: `one of the last ${remembered} removals since the project was opened`
        })
      await store.write(({ putBack }) => putBack(removal.taken))
      removals.delete(removalId)
      return removal.lists
    }
  }
}
