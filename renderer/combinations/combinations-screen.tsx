/** Combinations: which sources together do best on a target, why, and what to try next. */
import { Loader, Text } from '@mantine/core'
import { useDeferredValue, useMemo } from 'react'
import type { RunEntry } from '#preload/contract/run-methods.ts'
import { ErrorReport } from '#renderer/components/error-report.tsx'
import { ProjectLists } from '#renderer/components/project-lists.tsx'
import type { Lists } from '#renderer/connection/lists.ts'
import { useSame } from '#renderer/connection/same.ts'
import { useLink } from '#renderer/connection/use-link.tsx'
import { useView } from '#renderer/connection/view.ts'
import { type Scope, scopeOf, targetsOf } from '#renderer/runs/scope.ts'
import { ScreenOfRuns } from '#renderer/runs/screen-of-runs.tsx'
import { combinationsLink, followCombinations } from './combinations-link.ts'
import { type CombinationsView, combinationsViewSchema } from './combinations-view.ts'
import { ScopeBar } from './scope-bar.tsx'
import { SetComparison } from './set-comparison-panels.tsx'
import { combine, relationsIn } from './source-sets.ts'
import { useAnswers } from './use-answers.ts'

/** Transfers are compared by their answers on relations; a target has some where a transfer to it has. */
function isCompared({ archived, scores, relation, sources }: RunEntry): boolean {
  return !archived && scores !== null && relation !== null && sources.length > 0
}

export function CombinationsScreen() {
  return (
    <ScreenOfRuns
      title="Combinations"
      lead="Which sources together, why, and what to try next."
      about={isCompared}
      empty={{
        title: 'No evaluated transfers yet',
        text: 'Combinations compares transfers by their answers. Register tasks on the screen Tasks, then run “Grid search …” on the screen Mix, or an experiment.'
      }}
    >
      {(runs) => <ProjectLists>{(lists) => <Scoped runs={runs} lists={lists} />}</ProjectLists>}
    </ScreenOfRuns>
  )
}

function Scoped({ runs, lists }: { runs: readonly RunEntry[]; lists: Lists }) {
  const [view, setView] = useView('combinations', combinationsViewSchema)
  const evaluated = useMemo(
    () => runs.filter(({ archived, scores, relation }) => !archived && scores !== null && relation !== null),
    [runs]
  )
  const targets = useMemo(() => targetsOf(evaluated), [evaluated])
  const target = targets.find((name) => name === view.target) ?? targets[0] ?? ''
  const scope = useMemo(
    () =>
      scopeOf(
        evaluated.filter((run) => run.target === target),
        view.settings
      ),
    [evaluated, target, view.settings]
  )
  useLink('/combinations', combinationsLink(target, scope, view), (link) => setView(followCombinations(link)))
  return (
    <InScope scope={scope} targets={targets} target={target} view={view} onView={setView} lists={lists} />
  )
}

type Props = {
  scope: Scope
  targets: readonly string[]
  target: string
  view: CombinationsView
  onView: (change: Partial<CombinationsView>) => void
  lists: Lists
}

function InScope({ scope: chosenScope, targets, target, view, onView, lists }: Props) {
  // What is drawn of hundreds of sets is drawn between frames, after the field that asked for it.
  const scope = useDeferredValue(chosenScope)
  const asked = useMemo(() => [...scope.runs, ...scope.references], [scope])
  const { answers: newest, read, total, error } = useAnswers(asked)
  const answers = useDeferredValue(newest)
  const all = useMemo(() => relationsIn(scope.runs), [scope])
  const without = useDeferredValue(view.without)
  const metric = useDeferredValue(view.metric)
  const average = useDeferredValue(view.average)
  const combinations = useMemo(() => {
    if (answers === null) return null
    const left = all.filter((relation) => !without.includes(relation))
    return combine(scope, left.length === 0 ? all : left, answers, metric, average)
  }, [scope, all, without, metric, average, answers])
  const sets = useMemo(() => combinations?.tried.map(({ name }) => name) ?? [], [combinations])
  const { focus: _, ...choice } = view
  const [chosen, by] = [useSame(choice), useSame({ metric, average })]
  return (
    <>
      <ScopeBar
        scope={chosenScope}
        targets={targets}
        target={target}
        view={chosen}
        onView={onView}
        relations={all}
        sets={sets}
      />
      {error !== null && <ErrorReport error={error} />}
      {combinations === null || answers === null ? (
        error === null && (
          <Text size="sm" role="status">
            <Loader size="xs" mr="xs" />
            {`Reading the answers of ${read} of ${total} relations …`}
          </Text>
        )
      ) : (
        <SetComparison
          scope={scope}
          combinations={combinations}
          answers={answers}
          view={view}
          by={by}
          onView={onView}
          lists={lists}
        />
      )}
    </>
  )
}
