/** Keeps account of an anchor set in the making: what is left after every step, and why the others were dropped. */
import type { Anchor, AnchorAudit } from '#engine/common/contract/anchors.ts'
import { keyOf } from './anchor-model.ts'

/** Dropped words shown per step, spread over all that were. */
const examplesShown = 12

type AuditStep = AnchorAudit['steps'][number]

/** A step that keeps the items for which `reasonToDrop` gives no reason; the account of it goes to `steps`. */
export function keepWhere<T extends { readonly anchor: Anchor }>(
  items: readonly T[],
  step: string,
  steps: AuditStep[],
  reasonToDrop: (item: T) => string | undefined
): T[] {
  const dropped: AuditStep['examples'] = []
  const kept = items.filter((item) => {
    const reason = reasonToDrop(item)
    if (reason !== undefined) dropped.push({ surface: item.anchor.surface, reason })
    return reason === undefined
  })
  const stride = Math.max(1, dropped.length / examplesShown)
  const shown = Math.min(examplesShown, dropped.length)
  const examples = Array.from({ length: shown }, (_, index) => dropped[Math.floor(index * stride)])
  steps.push({ step, left: kept.length, dropped: dropped.length, examples })
  return kept
}

/** The first of every (surface, begins word). */
export function keepDistinct<T extends { readonly anchor: Anchor }>(
  items: readonly T[],
  steps: AuditStep[]
): T[] {
  const seen = new Set<string>()
  return keepWhere(items, 'distinct words', steps, ({ anchor }) => {
    const before = seen.size
    seen.add(keyOf(anchor))
    return seen.size === before ? 'listed before' : undefined
  })
}
