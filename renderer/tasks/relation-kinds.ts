/** Relations by their kind, as the tasks of the project know it: 1-1, N-1, N-M, then what nothing is known of. */
import { type RelationKind, relationKinds } from '#engine/common/contract/tasks.ts'
import type { TaskEntry } from '#preload/contract/task-methods.ts'

export type RelationInfo = { readonly label: string | null; readonly kind: RelationKind | null }

/** By the name of the relation. */
export type RelationInfos = ReadonlyMap<string, RelationInfo>

export function relationInfos(tasks: readonly Pick<TaskEntry, 'summary'>[]): RelationInfos {
  return new Map(
    tasks.flatMap(({ summary: { name, relation } }) => (relation === null ? [] : [[name, relation]]))
  )
}

export type KindGroup<T> = {
  /** Null: not known. */
  readonly kind: RelationKind | null
  readonly items: readonly T[]
}

/** The kinds that there are, each with what is of it in the order given. */
export function groupByKind<T>(items: readonly T[], nameOf: (item: T) => string, infos: RelationInfos) {
  return [...relationKinds, null]
    .map(
      (kind): KindGroup<T> => ({
        kind,
        items: items.filter((item) => (infos.get(nameOf(item))?.kind ?? null) === kind)
      })
    )
    .filter((group) => group.items.length > 0)
}
