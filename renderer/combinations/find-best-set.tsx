/** The best set or the best weights, found on the dev split with a part of the answers that all of them would take. */
import { Button, Group, Progress, Select, Stack, Text, Title } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import type { Race, RaceResult } from '#preload/contract/race-methods.ts'
import { ErrorReport } from '#renderer/components/error-report.tsx'
import { Failure } from '#renderer/components/failure.tsx'
import { count, percent } from '#renderer/components/numbers.ts'
import type { Lists } from '#renderer/connection/lists.ts'
import { useWorkbench } from '#renderer/connection/workbench.tsx'
import type { Scope } from '#renderer/runs/scope.ts'
import { orderOfSet } from './set-order.ts'
import { sourcesIn } from './source-sets.ts'
import { type RaceState, useRace } from './use-race.ts'

/** What is said holds with it. */
const confidence = 0.95
/** A point. */
const tolerance = 0.01
/** Share of all answers, unless it is to be sure. */
const budget = 0.15
/** Steps that a weight is divided in, by the number of sources: some thirty mixtures. */
const weightSteps: Readonly<Record<number, number>> = { 2: 20, 3: 6, 4: 4 }

const limits = [
  { value: 'budget', label: `At most ${100 * budget} % of all` },
  { value: 'sure', label: `Until ${100 * confidence} % sure` }
]

type Props = {
  scope: Scope
  relations: readonly string[]
  /** The set whose weights may be raced. */
  focused: readonly string[]
  lists: Lists
}

/** What is raced; null where the project no longer holds what it takes. */
function raceOf({ scope, relations, focused, lists }: Props, among: string, limit: string): Race | null {
  const sources = sourcesIn(scope.runs)
  const members = among === 'sets' ? sources : focused
  const order = orderOfSet(scope, members, relations, lists)
  const steps = weightSteps[members.length]
  const evaluation = order?.evaluation ?? null
  if (order === null || evaluation === null || (among === 'weights' && steps === undefined)) return null
  return {
    grid: {
      ...order,
      together: { least: among === 'sets' ? 1 : members.length, most: members.length },
      evaluation: { ...evaluation, split: 'dev' }
    },
    among: among === 'sets' ? { kind: 'sets' } : { kind: 'weights', steps: steps ?? 0 },
    split: 'dev',
    confidence,
    tolerance,
    budget: limit === 'sure' ? null : budget,
    seed: 1
  }
}

export function FindBestSet(props: Props) {
  const { scope, focused } = props
  const { last, start } = useRace()
  const [among, setAmong] = useState('sets')
  const [limit, setLimit] = useState('budget')
  const sources = sourcesIn(scope.runs)
  const canWeigh = weightSteps[focused.length] !== undefined
  const chosen = among === 'weights' && !canWeigh ? 'sets' : among
  const race = raceOf(props, chosen, limit)
  // A race on another target belongs to another view.
  const own = last !== null && last.race.grid.targetIds[0] === race?.grid.targetIds[0] ? last : null
  return (
    <Stack gap={4} component="section" aria-label="Find the best set">
      <Title order={3} size="h6">
        Find the best set
      </Title>
      <Text size="xs" className="quiet">
        All of them get the same few dev examples; what is worse goes, and the rest get more.
      </Text>
      <Select
        size="xs"
        label="Among"
        allowDeselect={false}
        data={[
          { value: 'sets', label: `All ${count(2 ** sources.length - 1)} sets of ${sources.length} sources` },
          { value: 'weights', label: `Weights of ${focused.join(' + ')}`, disabled: !canWeigh }
        ]}
        value={chosen}
        onChange={(value) => setAmong(value ?? 'sets')}
      />
      <Select
        size="xs"
        label="Answers"
        allowDeselect={false}
        data={limits}
        value={limit}
        onChange={(value) => setLimit(value ?? 'budget')}
      />
      {own?.isRunning ? (
        <Running {...own} />
      ) : (
        <Button
          size="compact-xs"
          variant="default"
          w="fit-content"
          disabled={race === null || last?.isRunning}
          onClick={() => race !== null && void start(race)}
        >
          Find the best set
        </Button>
      )}
      {own?.result && <Chosen {...props} race={own.race} result={own.result} />}
      {own?.error && <ErrorReport error={own.error} />}
    </Stack>
  )
}

function Running({ progress, cancel }: RaceState) {
  const share = progress === null || progress.total === 0 ? 0 : progress.done / progress.total
  return (
    <Group gap="xs" wrap="nowrap">
      <Stack gap={2} flex={1}>
        <Progress value={100 * share} size="sm" aria-label="Answers so far" />
        <Text size="xs" role="status">
          {progress === null ? 'Beginning …' : `${progress.label} …`}
        </Text>
      </Stack>
      <Button size="compact-xs" variant="default" onClick={cancel}>
        Cancel
      </Button>
    </Group>
  )
}

type ChosenProps = Props & { race: Race; result: RaceResult }

function Chosen({ scope, relations, lists, race, result }: ChosenProps) {
  const { call } = useWorkbench()
  const chosen = result.sets[result.chosen]
  const named = (chosen?.sources ?? []).map(({ modelId, weight }) => ({
    weight,
    table: lists.models.find(({ id }) => id === modelId)?.report.fingerprint.table
  }))
  const known = new Map(
    scope.runs.flatMap(({ sources }) => sources).map(({ model, table }) => [table, model])
  )
  const weights = new Map(named.map(({ table, weight }) => [known.get(table ?? '') ?? '', weight]))
  const members = [...weights.keys()]
  const isEqual = new Set(weights.values()).size === 1
  const order = orderOfSet(scope, members, relations, lists, weights)
  const queue = useMutation({
    mutationFn: async () => (order === null ? 0 : (await call('transfers.order', order)).runs)
  })
  if (chosen === undefined) return null
  const name = isEqual
    ? members.join(' + ')
    : members.map((member) => `${weights.get(member)} × ${member}`).join(' + ')
  const worse = result.sets.filter(({ ending }) => ending === 'worse').length
  const dropped = result.sets.filter(({ ending }) => ending === 'dropped').length
  const of = race.among.kind === 'sets' ? 'sets' : 'mixtures'
  return (
    <Stack gap={4} role="status" aria-label="The chosen set">
      <Text size="sm" fw={600} className="breakable">
        {name}
      </Text>
      <Text size="xs">
        {`${percent(chosen.accuracy)} of ${count(chosen.asked)} of ${count(result.examples)} dev examples, the best of ${count(result.sets.length)} ${of}, with ${percent(result.answers / result.all)} of ${count(result.all)} answers. `}
        {result.shortfall === 0
          ? `On these ${count(result.examples)} examples all others are worse (${100 * confidence} % confidence).`
          : `On all ${count(result.examples)} none is more than ${(100 * result.shortfall).toFixed(1)} points better (${100 * confidence} % confidence). Known to be worse: ${count(worse)}; dropped to keep to the limit: ${count(dropped)}.`}
      </Text>
      <Text size="xs" className="quiet">
        Chosen by labels of the target’s dev split: not zero-shot. Other examples may choose otherwise, and
        its accuracy on these is too high by chance.
      </Text>
      <Group gap="xs">
        <Button
          size="compact-xs"
          disabled={order === null}
          loading={queue.isPending}
          onClick={() => queue.mutate()}
        >
          {`Run it on the ${scope.runs[0]?.split ?? 'test'} split`}
        </Button>
        <Text size="xs">{queue.data !== undefined && `${count(queue.data)} runs queued.`}</Text>
      </Group>
      <Failure of={queue} about={order} />
    </Stack>
  )
}
