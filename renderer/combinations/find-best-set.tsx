/** The best set or the best weights, found on the dev split with a part of the answers that all of them would take. */
import { Button, Group, Progress, Select, Stack, Text, Title } from '@mantine/core'
import { useState } from 'react'
import { usualRace } from '#engine/common/contract/races.ts'
import type { Race } from '#preload/contract/race-methods.ts'
import { ErrorReport } from '#renderer/components/error-report.tsx'
import { count } from '#renderer/components/numbers.ts'
import type { Lists } from '#renderer/connection/lists.ts'
import type { Scope } from '#renderer/runs/scope.ts'
import { ChosenSet } from './chosen-set.tsx'
import { orderOfSet } from './set-order.ts'
import { sourcesIn } from './source-sets.ts'
import { type RacedAmong, useStoredRaces } from './stored-races.ts'
import { type RaceState, useRace } from './use-race.ts'

/** Steps that a weight is divided in, by the number of sources: some thirty mixtures. */
const weightSteps: Readonly<Record<number, number>> = { 2: 20, 3: 6, 4: 4 }

const limits = [
  { value: 'budget', label: `At most ${100 * usualRace.budget} % of all` },
  { value: 'sure', label: `Until ${100 * usualRace.confidence} % sure` }
]

type Props = {
  scope: Scope
  relations: readonly string[]
  /** The set whose weights may be raced. */
  focused: readonly string[]
  lists: Lists
}

/** What is raced; null where the project no longer holds what it takes. */
function raceOf({ scope, relations, focused, lists }: Props, among: RacedAmong, limit: string): Race | null {
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
      evaluation: { ...evaluation, split: usualRace.split }
    },
    among: among === 'sets' ? { kind: 'sets' } : { kind: 'weights', steps: steps ?? 0 },
    ...usualRace,
    budget: limit === 'sure' ? null : usualRace.budget
  }
}

export function FindBestSet(props: Props) {
  const { scope, focused } = props
  const { last, start } = useRace()
  const stored = useStoredRaces(scope)
  const [among, setAmong] = useState<RacedAmong>('sets')
  const [limit, setLimit] = useState('budget')
  const sources = sourcesIn(scope.runs)
  const canWeigh = weightSteps[focused.length] !== undefined
  const chosen = among === 'weights' && !canWeigh ? 'sets' : among
  const race = raceOf(props, chosen, limit)
  // A race on another target belongs to another view.
  const own = last !== null && last.race.grid.targetIds[0] === race?.grid.targetIds[0] ? last : null
  const kept = own?.isRunning ? undefined : stored[chosen]
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
        onChange={(value) => setAmong(value === 'weights' ? 'weights' : 'sets')}
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
      {own?.error && <ErrorReport error={own.error} />}
      {kept !== undefined && <ChosenSet key={kept.id} {...props} race={kept} />}
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
