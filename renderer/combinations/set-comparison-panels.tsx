/** The figure of a scope's sets with what belongs beside it: the set in focus, contributions, what to try next. */
import { Button, ScrollArea, Stack, Text, useComputedColorScheme } from '@mantine/core'
import { useElementSize } from '@mantine/hooks'
import { useMemo, useRef, useState } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import {
  bestSingle,
  compareSets,
  contributions,
  findSet,
  isBootstrapped,
  type RelationDifference,
  relationDifferences,
  suggestSets
} from '#engine/common/statistics/set-comparison.ts'
import { count } from '#renderer/components/numbers.ts'
import { Inspector } from '#renderer/components/screen.tsx'
import { goTo } from '#renderer/connection/address.ts'
import type { Lists } from '#renderer/connection/lists.ts'
import { useView } from '#renderer/connection/view.ts'
import { FigureCard } from '#renderer/figures/figure-card.tsx'
import { paperLook, screenLooks } from '#renderer/figures/look.ts'
import { mixChoiceSchema } from '#renderer/mix/mix-choice.ts'
import { mixOfSet } from '#renderer/mix/mix-of-runs.ts'
import { countedOnce } from '#renderer/runs/average-choice.tsx'
import type { Scope } from '#renderer/runs/scope.ts'
import { groupByKind, relationInfos } from '#renderer/tasks/relation-kinds.ts'
import type { CombinationsView } from './combinations-view.ts'
import { ContributionPanel } from './contribution-panel.tsx'
import { relationsOf, type SetFigureData } from './figure-layout.ts'
import { FocusPanel } from './focus-panel.tsx'
import { ReasonsStep } from './reasons-step.tsx'
import { SetColumns } from './set-columns.tsx'
import { SetFigure } from './set-figure.tsx'
import { setTable } from './set-table.ts'
import type { Combinations } from './source-sets.ts'
import { TryNext } from './try-next.tsx'
import { WeightPanel } from './weights/weight-panel.tsx'

/** Sets that were not run are shown behind the others, the likeliest only. */
const shownSuggestions = 12

/** The relation on which a set differs most from the reference: it says most of why. */
function widestRelation(data: SetFigureData, set: number): string {
  const difference = ({ cells }: RelationDifference): number => Math.abs(cells[set]?.difference ?? 0)
  const [widest] = relationsOf(data).toSorted((a, b) => difference(b) - difference(a))
  return widest?.relation ?? ''
}

type Props = {
  scope: Scope
  combinations: Combinations
  view: CombinationsView
  onView: (change: Partial<CombinationsView>) => void
  lists: Lists
}

/** Everything that the figure shows; null where no set was asked all of the relations. */
function useFigureData(
  combinations: Combinations,
  { against, order }: CombinationsView,
  tasks: Lists['tasks']
): SetFigureData | null {
  return useMemo(() => {
    const { sources, relations, tried, untried, examples, strata } = combinations
    const base = findSet(tried, against) ?? bestSingle(tried)
    if (base === undefined || examples.length < 2) return null
    const sets = compareSets(tried, base, order, strata)
    const reference = findSet(sets, base.name)
    if (reference === undefined) return null
    const relationOf = examples.map(({ relation }) => relation)
    return {
      combinations,
      sets,
      suggested: suggestSets(sources.length, tried, untried, strata),
      relationGroups: groupByKind(
        relationDifferences(relations, relationOf, sets, base),
        ({ relation }) => relation,
        relationInfos(tasks)
      ),
      reference
    }
  }, [combinations, against, order, tasks])
}

export function SetComparison({ scope, combinations, view, onView, lists }: Props) {
  const data = useFigureData(combinations, view, lists.tasks)
  const shares = useMemo(
    () =>
      data === null ? null : contributions(combinations.sources, combinations.tried, combinations.strata),
    [data, combinations]
  )
  const shown = useMemo(
    () => data && { ...data, suggested: data.suggested.slice(0, shownSuggestions) },
    [data]
  )
  const [, setMix] = useView('mix', mixChoiceSchema)
  const [wanted, setRelation] = useState<string | null>(null)
  const next = useRef<HTMLDivElement>(null)
  if (data === null || shown === null)
    return (
      <Text role="status">
        No set was run on all of these {combinations.relations.length} relations: leave some out, or run the
        rest.
      </Text>
    )
  const { sets, reference } = data
  const best = sets.toSorted((a, b) => b.accuracy - a.accuracy)[0] ?? reference
  const focused = findSet(sets, view.focus) ?? best
  const relation =
    combinations.relations.find((name) => name === wanted) ?? widestRelation(data, sets.indexOf(focused))
  const openInMix = (name: string): void => {
    // The set that was asked for by name: the view may know of its focus a moment later.
    const { members } = findSet(sets, name) ?? findSet(data.suggested, name) ?? focused
    const mix = mixOfSet(scope.runs, members, relation, lists)
    if (mix === null) return
    setMix(mix)
    goTo('/mix')
  }
  const canMix = mixOfSet(scope.runs, focused.members, relation, lists) !== null
  return (
    <>
      <div>
        <ReasonsStep beside="figure" next={next}>
          <div />
        </ReasonsStep>
        <Figure
          data={shown}
          scope={scope}
          view={view}
          focused={findSet(data.suggested, view.focus)?.name ?? focused.name}
          onView={onView}
          onOpen={openInMix}
        />
      </div>
      {focused.members.length > 1 && (
        <WeightPanel
          scope={scope}
          members={focused.members}
          relations={combinations.relations}
          view={view}
          lists={lists}
        />
      )}
      <Inspector
        title={focused.name}
        onClose={null}
        actions={
          <Button
            size="compact-xs"
            variant="default"
            disabled={!canMix}
            onClick={() => openInMix(focused.name)}
          >
            Open in Mix
          </Button>
        }
      >
        <Stack gap="md">
          <ReasonsStep beside="set" next={next}>
            <div>
              <FocusPanel
                combinations={combinations}
                one={focused}
                reference={reference}
                relation={relation}
                onRelation={setRelation}
              />
            </div>
          </ReasonsStep>
          <ContributionPanel contributions={shares} missing={combinations.untried.length} />
          <TryNext
            ref={next}
            scope={scope}
            relations={combinations.relations}
            suggestions={data.suggested}
            lists={lists}
            focused={focused.members}
          />
        </Stack>
      </Inspector>
    </>
  )
}

function summaryOf(
  { combinations, sets, reference }: SetFigureData,
  { metric, average }: CombinationsView,
  unequal: number
): string {
  const { sources, relations, examples, untried, strata } = combinations
  const over = strata === null ? 'over examples' : 'over examples within relations'
  const test = strata === null ? 'McNemar’s test' : 'a test of the weighted pairs'
  const parts = [
    `${metric} of ${count(sets.length)} of ${count(sets.length + untried.length)} sets of ${sources.length} sources over ${count(relations.length)} relations, ${count(examples.length)} examples, ${countedOnce[average]}.`,
    `Lines are 95 % intervals of the difference to ${reference.name} (${isBootstrapped(sets.length, strata) ? 'paired bootstrap' : 'normal approximation'} ${over}); blue: it holds by ${test} with Holm’s correction.`,
    ...(sets.some(({ letters }) => letters !== '') ? ['Sets that share a letter don’t differ.'] : []),
    ...(unequal > 0 ? [`${count(unequal)} runs with unequal weights are left out.`] : [])
  ]
  return parts.join(' ')
}

type FigureProps = {
  data: SetFigureData
  scope: Scope
  view: CombinationsView
  focused: string
  onView: Props['onView']
  onOpen: (name: string) => void
}

function Figure({ data, scope, view, focused, onView, onOpen }: FigureProps) {
  const scheme = useComputedColorScheme('light')
  const { ref, width } = useElementSize()
  const table = useMemo(() => setTable(data), [data])
  const title = `Sets of sources on ${scope.runs[0]?.target ?? ''}`
  const draw = (paper: number): string =>
    renderToStaticMarkup(<SetFigure data={{ ...data, suggested: [] }} look={paperLook} width={paper} />)
  return (
    <div ref={ref}>
      <FigureCard
        title={title}
        summary={summaryOf(data, view, scope.all.length - scope.runs.length)}
        table={table}
        draw={draw}
      >
        <ScrollArea type="auto">
          <SetFigure
            data={data}
            look={screenLooks[scheme]}
            width={Math.max(320, width - 26)}
            focused={focused}
            overlay={(layout) => (
              <SetColumns
                data={data}
                layout={layout}
                focused={focused}
                onFocus={(focus) => onView({ focus })}
                onCompare={(against) => onView({ against })}
                onOpen={onOpen}
              />
            )}
          />
        </ScrollArea>
        <Text size="xs" className="quiet">
          Arrows move, Enter opens in Mix, Shift and a click make a set the one that others are compared with.
        </Text>
      </FigureCard>
    </div>
  )
}
