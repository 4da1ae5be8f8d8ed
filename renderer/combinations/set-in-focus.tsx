/** What belongs beside the figure of source sets: the set in focus with its weights, contributions, what to try next. */
import { Button, Stack } from '@mantine/core'
import { memo, type RefObject, useMemo } from 'react'
import { contributions, findSet } from '#engine/common/statistics/set-comparison.ts'
import { Inspector } from '#renderer/components/screen.tsx'
import type { Lists } from '#renderer/connection/lists.ts'
import { mixOfSet } from '#renderer/mix/mix-of-runs.ts'
import type { Scope } from '#renderer/runs/scope.ts'
import type { AccuracyKind } from './combinations-view.ts'
import { ContributionPanel } from './contribution-panel.tsx'
import type { SetFigureData } from './figure-layout.ts'
import { FocusPanel } from './focus-panel.tsx'
import { ReasonsStep } from './reasons-step.tsx'
import type { Answers, ComparedSet } from './source-sets.ts'
import { TryNext } from './try-next.tsx'
import { WeightPanel } from './weights/weight-panel.tsx'

type Props = {
  scope: Scope
  data: SetFigureData
  answers: Answers
  by: AccuracyKind
  /** Its name; null: the best. */
  focus: string | null
  relation: string
  onRelation: (relation: string) => void
  onOpen: (name: string) => void
  /** What says what to run next. */
  next: RefObject<HTMLDivElement | null>
  lists: Lists
}

/** The set of this name, where it was run, else the best. */
export function focusedSet({ sets, reference }: SetFigureData, name: string | null): ComparedSet {
  return findSet(sets, name) ?? sets.toSorted((a, b) => b.accuracy - a.accuracy)[0] ?? reference
}

/** Drawn again only for another set in focus, not with every step on the way to it. */
export const SetInFocus = memo(function SetInFocus({
  scope,
  data,
  answers,
  by,
  focus,
  relation,
  onRelation,
  onOpen,
  next,
  lists
}: Props) {
  const { combinations, reference, suggested } = data
  const { sources, relations, tried, untried, strata } = combinations
  const shares = useMemo(() => contributions(sources, tried, strata), [sources, tried, strata])
  const focused = focusedSet(data, focus)
  const canMix = mixOfSet(scope.runs, focused.members, relation, lists) !== null
  return (
    <>
      {focused.members.length > 1 && (
        <WeightPanel
          scope={scope}
          members={focused.members}
          relations={relations}
          answers={answers}
          by={by}
          lists={lists}
        />
      )}
      <Inspector
        title={focused.name}
        onClose={null}
        actions={
          <Button size="compact-xs" variant="default" disabled={!canMix} onClick={() => onOpen(focused.name)}>
            Open in Mix
          </Button>
        }
      >
        <Stack gap="md">
          <ReasonsStep above="set" next={next} />
          <FocusPanel
            combinations={combinations}
            one={focused}
            reference={reference}
            relation={relation}
            onRelation={onRelation}
          />
          <ContributionPanel contributions={shares} missing={untried.length} />
          <TryNext
            ref={next}
            scope={scope}
            relations={relations}
            suggestions={suggested}
            lists={lists}
            focused={focused.members}
          />
        </Stack>
      </Inspector>
    </>
  )
})
