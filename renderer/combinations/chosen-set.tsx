/** What a race for the best set found: the set that it names, how sure that is, and what needs no labels beside it. */
import { Button, Group, Stack, Table, Text } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import type { RacedSet } from '#engine/common/contract/races.ts'
import { count } from '#engine/common/format/count.ts'
import { hasEqualWeights, zeroShotChoices } from '#engine/common/statistics/zero-shot-choices.ts'
import type { StoredRace } from '#preload/contract/race-methods.ts'
import { Failure } from '#renderer/components/failure.tsx'
import { percent } from '#renderer/components/numbers.ts'
import type { Lists } from '#renderer/connection/lists.ts'
import { useWorkbench } from '#renderer/connection/workbench.tsx'
import type { Scope } from '#renderer/runs/scope.ts'
import { orderOfSet } from './set-order.ts'
import { racedAmong } from './stored-races.ts'

/** The weight of each source by the name that it has in the scope. */
function weightsOf({ sources }: RacedSet, { runs }: Scope): Map<string, number> {
  const known = new Map(runs.flatMap((run) => run.sources).map(({ model, table }) => [table, model]))
  return new Map(
    sources.map(({ model, weight }) => [known.get(model.fingerprint.table) ?? model.name, weight])
  )
}

function nameOf(set: RacedSet, scope: Scope): string {
  const weights = [...weightsOf(set, scope)]
  return weights.map(([model, weight]) => (hasEqualWeights(set) ? model : `${weight} × ${model}`)).join(' + ')
}

function boundText({ shortfall, examples, confidence, sets }: StoredRace): string {
  const sure = `(${100 * confidence} % confidence)`
  if (shortfall === 0) return `On these ${count(examples)} examples all others are worse ${sure}.`
  const ended = (ending: RacedSet['ending']): string =>
    count(sets.filter((set) => set.ending === ending).length)
  return `On all ${count(examples)} none is more than ${(100 * shortfall).toFixed(1)} points better ${sure}. Known to be worse: ${ended('worse')}; dropped to keep to the limit: ${ended('dropped')}.`
}

type Props = {
  scope: Scope
  relations: readonly string[]
  lists: Lists
  race: StoredRace
  onRemove: () => void
}

export function ChosenSet({ scope, relations, lists, race, onRemove }: Props) {
  const { call } = useWorkbench()
  const chosen = race.sets[race.chosen]
  const weights = chosen && weightsOf(chosen, scope)
  const order = weights && orderOfSet(scope, [...weights.keys()], relations, lists, weights)
  const queue = useMutation({
    mutationFn: async () => (order ? (await call('transfers.order', order)).runs : 0)
  })
  if (chosen === undefined) return null
  return (
    <Stack gap={4} role="status" aria-label="The chosen set">
      <Text size="sm" fw={600} className="breakable">
        {nameOf(chosen, scope)}
      </Text>
      <Text size="xs">
        {`${percent(chosen.accuracy)}, estimated from ${count(chosen.asked)} of ${count(race.examples)} ${race.split} examples of ${count(race.tasks.length)} relations, the best of ${count(race.sets.length)} ${racedAmong(race) === 'sets' ? 'sets' : 'mixtures'}, with ${percent(race.answers / race.all)} of ${count(race.all)} answers. ${boundText(race)}`}
      </Text>
      <ZeroShot race={race} scope={scope} />
      <Text size="xs" className="quiet">
        {`Chosen on ${race.split}: not zero-shot; its runs are marked so. Other examples may choose otherwise, and its accuracy on these is too high by chance. ${new Date(race.createdAt).toLocaleString('sv-SE').slice(0, 16)}.`}
      </Text>
      <Group gap="xs">
        <Button size="compact-xs" disabled={!order} loading={queue.isPending} onClick={() => queue.mutate()}>
          {`Run it on the ${scope.runs[0]?.split ?? 'test'} split`}
        </Button>
        <Button size="compact-xs" variant="subtle" color="red" onClick={onRemove}>
          Remove
        </Button>
        <Text size="xs">{queue.data !== undefined && `${count(queue.data)} runs queued.`}</Text>
      </Group>
      <Failure of={queue} about={order} />
    </Stack>
  )
}

/** What would have been chosen without a label, with what the race saw of it. */
function ZeroShot({ race, scope }: Pick<Props, 'race' | 'scope'>) {
  const { all, agreeing } = zeroShotChoices(race.sets)
  const rows = [
    { rule: 'All, equal weights', set: race.sets[all ?? -1] },
    { rule: 'Highest agreement', set: race.sets[agreeing ?? -1] }
  ].flatMap(({ rule, set }) => (set === undefined ? [] : [{ rule, set }]))
  if (rows.length === 0) return null
  return (
    <Table aria-label="What rules without labels choose" verticalSpacing={2} fz="xs">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Zero-shot rule</Table.Th>
          <Table.Th>would choose</Table.Th>
          <Table.Th className="numeric">accuracy</Table.Th>
          <Table.Th className="numeric">N</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {rows.map(({ rule, set }) => (
          <Table.Tr key={rule}>
            <Table.Th scope="row" fw={400}>
              {rule}
            </Table.Th>
            <Table.Td className="breakable">
              {set === race.sets[race.chosen] ? 'the same set' : nameOf(set, scope)}
            </Table.Td>
            <Table.Td className="numeric">{percent(set.accuracy)}</Table.Td>
            <Table.Td className="numeric">{count(set.asked)}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  )
}
