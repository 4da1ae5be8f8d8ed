/** The figure of a scope's sets with what is told of the set in focus. */
import { ScrollArea, Text, useComputedColorScheme } from '@mantine/core'
import { useElementSize } from '@mantine/hooks'
import { useCallback, useDeferredValue, useEffect, useMemo, useRef, useState } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { count } from '#engine/common/format/count.ts'
import {
  bestSingle,
  compareSets,
  findSet,
  isBootstrapped,
  orderSets,
  type RelationDifference,
  relationDifferences,
  type SetOrder,
  suggestSets
} from '#engine/common/statistics/set-comparison.ts'
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
import type { AccuracyKind, CombinationsView } from './combinations-view.ts'
import { relationsOf, type SetFigureData } from './figure-layout.ts'
import { ReasonsStep } from './reasons-step.tsx'
import { SetColumns } from './set-columns.tsx'
import { SetFigure } from './set-figure.tsx'
import { focusedSet, SetInFocus } from './set-in-focus.tsx'
import { setTable } from './set-table.ts'
import type { Answers, Combinations } from './source-sets.ts'

/** Sets that were not run are shown behind the others, the likeliest only. */
const shownSuggestions = 12

/** The relation on which a set differs most from the reference: it says most of why. */
function widestRelation(data: SetFigureData, focus: string | null): string {
  const set = data.sets.indexOf(focusedSet(data, focus))
  const difference = ({ cells }: RelationDifference): number => Math.abs(cells[set]?.difference ?? 0)
  const [widest] = relationsOf(data).toSorted((a, b) => difference(b) - difference(a))
  return widest?.relation ?? ''
}

type Props = {
  scope: Scope
  combinations: Combinations
  answers: Answers
  view: CombinationsView
  /** What the accuracies of the combinations are of. */
  by: AccuracyKind
  onView: (change: Partial<CombinationsView>) => void
  lists: Lists
}

/** Everything that the figure shows; null where no set was asked all of the relations. */
function useFigureData(
  combinations: Combinations,
  against: string | null,
  order: SetOrder,
  tasks: Lists['tasks']
): SetFigureData | null {
  const compared = useMemo(() => {
    const { sources, relations, tried, untried, examples, strata } = combinations
    const base = findSet(tried, against) ?? bestSingle(tried)
    if (base === undefined || examples.length < 2) return null
    const sets = compareSets(tried, base, strata)
    const reference = findSet(sets, base.name)
    if (reference === undefined) return null
    const relationOf = examples.map(({ relation }) => relation)
    return {
      sets,
      differences: relationDifferences(relations, relationOf, sets, base),
      suggested: suggestSets(sources.length, tried, untried, strata),
      reference
    }
  }, [combinations, against])
  // Another order is no reason to test all pairs again.
  return useMemo(() => {
    if (compared === null) return null
    const { differences, suggested, reference } = compared
    const sets = orderSets(compared.sets, order)
    const places = sets.map((one) => compared.sets.indexOf(one))
    const ordered = differences.map(({ cells, ...rest }) => ({
      ...rest,
      cells: places.flatMap((place) => cells[place] ?? [])
    }))
    const relationGroups = groupByKind(ordered, ({ relation }) => relation, relationInfos(tasks))
    return { combinations, sets, suggested, relationGroups, reference }
  }, [compared, order, tasks, combinations])
}

export function SetComparison({ scope, combinations, answers, view, by, onView, lists }: Props) {
  const order = useDeferredValue(view.order)
  const against = useDeferredValue(view.against)
  const data = useFigureData(combinations, against, order, lists.tasks)
  const shown = useMemo(
    () => data && { ...data, suggested: data.suggested.slice(0, shownSuggestions) },
    [data]
  )
  const [, setMix] = useView('mix', mixChoiceSchema)
  const [wanted, setRelation] = useState<string | null>(null)
  const next = useRef<HTMLDivElement>(null)
  // The mark of the set in focus goes with the key; what is told of it follows between frames.
  const focus = useDeferredValue(view.focus)
  const widest = useMemo(() => (data === null ? '' : widestRelation(data, focus)), [data, focus])
  const relation = combinations.relations.find((name) => name === wanted) ?? widest
  // Read where a set is opened: the figure is not drawn again for another relation.
  const shownRelation = useRef(relation)
  useEffect(() => {
    shownRelation.current = relation
  })
  const openInMix = useCallback(
    (name: string): void => {
      // The set that was asked for by name: the view may know of its focus a moment later.
      const members = (findSet(combinations.tried, name) ?? findSet(combinations.untried, name))?.members
      const mix = members === undefined ? null : mixOfSet(scope.runs, members, shownRelation.current, lists)
      if (mix === null) return
      setMix(mix)
      goTo('/mix')
    },
    [combinations, scope, lists, setMix]
  )
  if (data === null || shown === null)
    return (
      <Text role="status">
        No set was run on all of these {combinations.relations.length} relations: leave some out, or run the
        rest.
      </Text>
    )
  return (
    <>
      <div>
        <ReasonsStep above="figure" next={next} />
        <Figure
          data={shown}
          scope={scope}
          by={by}
          focused={(findSet(data.suggested, view.focus) ?? focusedSet(data, view.focus)).name}
          onView={onView}
          onOpen={openInMix}
        />
      </div>
      <SetInFocus
        scope={scope}
        data={data}
        answers={answers}
        by={by}
        focus={focus}
        relation={relation}
        onRelation={setRelation}
        onOpen={openInMix}
        next={next}
        lists={lists}
      />
    </>
  )
}

function summaryOf(
  { combinations, sets, reference }: SetFigureData,
  { metric, average }: AccuracyKind,
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
  by: AccuracyKind
  focused: string
  onView: Props['onView']
  onOpen: (name: string) => void
}

function Figure({ data, scope, by, focused, onView, onOpen }: FigureProps) {
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
        summary={summaryOf(data, by, scope.all.length - scope.runs.length)}
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
