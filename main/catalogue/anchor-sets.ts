/** The anchor sets of a project: named, stored, used again for any model that knows the words. */
import type { AnchorSet } from '#engine/common/contract/anchors.ts'
import { AnchorageError } from '#engine/common/contract/errors.ts'
import type { WorkbenchContext } from '#main/project/context.ts'
import type { StoredAnchorSet } from '#store/records/anchor-sets.ts'
import { requireFound } from '#store/records/row.ts'

/**
 * Keeps an anchor set under its name; the same list under that name is kept once.
 * @throws `bad-argument` where another list has the name
 */
export async function keepAnchorSet({ store }: WorkbenchContext, set: AnchorSet): Promise<StoredAnchorSet> {
  return await store.write(async ({ anchorSets }) => {
    const known = await anchorSets.byName(set.name)
    if (known !== undefined) {
      if (known.set.hash === set.hash) return known
      throw new AnchorageError('bad-argument', 'Another anchor set of the project has this name.', {
        where: set.name,
        found: `${known.set.anchors.length} anchors, SHA-256 ${known.set.hash.slice(0, 12)}…`,
        expected: 'a new name',
        next: 'Give the set another name.'
      })
    }
    const id = await anchorSets.add(set)
    return requireFound(await anchorSets.get(id), 'anchor set', id)
  })
}
