/** What a link to the screen Compare carries. */
import { type FollowedLink, type LinkValues, viewOfLink } from '#renderer/connection/link.ts'
import type { Scope } from '#renderer/runs/scope.ts'
import { scopeLink, settingsOfLink } from '#renderer/runs/scope-link.ts'
import { type CompareView, compareViewSchema } from './compare-view.ts'

/** Letters of a run's id: enough to tell it from tens of thousands, and a link of hundreds stays one. */
const idLetters = 12

export function compareLink({ settings }: Pick<Scope, 'settings'>, view: CompareView): LinkValues {
  const { runIds, measure, average, baseline, left, right, along } = view
  return {
    ...scopeLink(settings),
    measure,
    average,
    baseline: baseline ?? undefined,
    a: left ?? undefined,
    b: right ?? undefined,
    along: along ?? undefined,
    runs: runIds === null ? undefined : runIds.map((id) => id.slice(0, idLetters)).join('.')
  }
}

/** @param ids of the project's runs */
export function followCompare(link: FollowedLink, ids: readonly string[]): CompareView {
  const runs = link.value('runs')
  const chosen = runs === undefined ? null : new Set(String(runs).split('.'))
  return viewOfLink(compareViewSchema, {
    settings: settingsOfLink(link),
    measure: link.value('measure'),
    average: link.value('average'),
    baseline: link.value('baseline'),
    left: link.value('a'),
    right: link.value('b'),
    along: link.value('along'),
    runIds: chosen === null ? null : ids.filter((id) => chosen.has(id.slice(0, idLetters)))
  })
}
