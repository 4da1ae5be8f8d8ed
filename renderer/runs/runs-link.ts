/** What a link to the screen Runs carries: what is looked at, and how the table shows it where that is not the usual. */
import { type FollowedLink, type LinkValues, viewOfLink } from '#renderer/connection/link.ts'
import { type RunsView, runsViewSchema } from './runs-view.ts'

const usual = runsViewSchema.parse({})

/** A list that is not the usual one; one of nothing has an empty item. */
function unlessUsual(list: readonly string[], other: readonly string[]): readonly string[] | undefined {
  if (list.join() === other.join()) return undefined
  return list.length === 0 ? [''] : list
}

function listOf(link: FollowedLink, key: string): string[] | undefined {
  const items = link.list(key)
  return items.length === 0 ? undefined : items.filter((item) => item !== '')
}

/** `-accuracy`: by accuracy, the highest first. */
function sortText({ id, desc }: RunsView['sorting'][number]): string {
  return desc ? `-${id}` : id
}

export function runsLink({
  filter,
  sorting,
  groupBy,
  differencesOnly,
  archived,
  hidden,
  pinned,
  baselineId
}: RunsView): LinkValues {
  return {
    filter: filter === '' ? undefined : filter,
    sort: unlessUsual(sorting.map(sortText), usual.sorting.map(sortText)),
    group: groupBy ?? undefined,
    varying: differencesOnly || undefined,
    archived: archived || undefined,
    hidden: unlessUsual(hidden, usual.hidden),
    pinned: unlessUsual(pinned, usual.pinned),
    baseline: baselineId ?? undefined
  }
}

export function followRuns(link: FollowedLink): RunsView {
  const filter = link.value('filter')
  return viewOfLink(runsViewSchema, {
    filter: filter === undefined ? undefined : String(filter),
    sorting: listOf(link, 'sort')?.map((text) => ({
      id: text.replace(/^-/, ''),
      desc: text.startsWith('-')
    })),
    groupBy: link.value('group'),
    differencesOnly: link.value('varying'),
    archived: link.value('archived'),
    hidden: listOf(link, 'hidden'),
    pinned: listOf(link, 'pinned'),
    baselineId: link.value('baseline')
  })
}
