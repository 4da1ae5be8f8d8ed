/** What a link to the screen Combinations carries. */
import { type FollowedLink, type LinkValues, viewOfLink } from '#renderer/connection/link.ts'
import type { Scope } from '#renderer/runs/scope.ts'
import { scopeLink, settingsOfLink } from '#renderer/runs/scope-link.ts'
import { type CombinationsView, combinationsViewSchema } from './combinations-view.ts'

export function combinationsLink(
  target: string,
  { settings }: Pick<Scope, 'settings'>,
  { metric, average, without, order, against, focus }: CombinationsView
): LinkValues {
  return {
    target,
    ...scopeLink(settings),
    metric,
    average,
    order,
    without,
    against: against ?? undefined,
    focus: focus ?? undefined
  }
}

export function followCombinations(link: FollowedLink): CombinationsView {
  return viewOfLink(combinationsViewSchema, {
    target: link.value('target'),
    settings: settingsOfLink(link),
    metric: link.value('metric'),
    average: link.value('average'),
    order: link.value('order'),
    without: link.list('without'),
    against: link.value('against'),
    focus: link.value('focus')
  })
}
