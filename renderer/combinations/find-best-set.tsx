/** The best set or the best weights, found on the dev split with a part of the answers that all of them would take. */
import { Button, Select, Stack, Text, Title } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { usualRace } from '#engine/common/contract/races.ts'
import { count } from '#engine/common/format/count.ts'
import type { Race, StoredRace } from '#preload/contract/race-methods.ts'
import { Failure } from '#renderer/components/failure.tsx'
import { RemovalNotice, useRemoval } from '#renderer/components/removal.tsx'
import type { Lists } from '#renderer/connection/lists.ts'
import { useWorkbench } from '#renderer/connection/workbench.tsx'
import type { Scope } from '#renderer/runs/scope.ts'
import { ChosenSet } from './chosen-set.tsx'
import { RaceJob } from './race-job.tsx'
import { orderOfSet } from './set-order.ts'
import { sourcesIn } from './source-sets.ts'
import { type RacedAmong, useRaces } from './stored-races.ts'

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
  const { call } = useWorkbench()
  const [among, setAmong] = useState<RacedAmong>('sets')
  const [limit, setLimit] = useState('budget')
  const sources = sourcesIn(scope.runs)
  const canWeigh = weightSteps[focused.length] !== undefined
  const chosen = among === 'weights' && !canWeigh ? 'sets' : among
  const { stored, job } = useRaces(scope, chosen)
  const race = raceOf(props, chosen, limit)
  const order = useMutation({
    mutationFn: async () => (race === null ? null : await call('races.order', race))
  })
  const removal = useRemoval(
    ({ id }: StoredRace) => call('races.remove', { id }),
    () => ({
      title: 'The chosen set was removed',
      text: 'Its runs are no longer marked. The answers are kept for the next search.'
    })
  )
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
      {job === undefined ? (
        <Button
          size="compact-xs"
          variant="default"
          w="fit-content"
          disabled={race === null}
          loading={order.isPending}
          onClick={() => order.mutate()}
        >
          Find the best set
        </Button>
      ) : (
        <RaceJob key={job.id} job={job} />
      )}
      <Failure of={order} about={race} />
      {job === undefined && stored !== undefined && (
        <ChosenSet key={stored.id} {...props} race={stored} onRemove={() => removal.remove(stored)} />
      )}
      <RemovalNotice removal={removal} />
    </Stack>
  )
}
