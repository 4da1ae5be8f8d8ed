/** What to run next: sets that were not tried, the likeliest to beat the best first, or that there is no point. */
import { Button, Group, Stack, Table, Text, Title } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import type { Ref } from 'react'
import { count } from '#engine/common/format/count.ts'
import { Failure } from '#renderer/components/failure.tsx'
import { percent } from '#renderer/components/numbers.ts'
import type { Lists } from '#renderer/connection/lists.ts'
import { useWorkbench } from '#renderer/connection/workbench.tsx'
import type { Scope } from '#renderer/runs/scope.ts'
import { FindBestSet } from './find-best-set.tsx'
import { orderOfSet } from './set-order.ts'
import type { SuggestedSet } from './source-sets.ts'

/** A set that is less likely than this to beat the best one is not worth its time. */
const worthTrying = 0.05
const shownSets = 6

type Props = {
  scope: Scope
  relations: readonly string[]
  suggestions: readonly SuggestedSet[]
  lists: Lists
}

export function TryNext({
  scope,
  relations,
  suggestions,
  lists,
  focused,
  ref
}: Props & { focused: readonly string[]; ref: Ref<HTMLDivElement> }) {
  return (
    <Stack gap={4} component="section" aria-label="Try next" ref={ref}>
      <Title order={2} size="h6">
        Try next
      </Title>
      {suggestions.length === 0 ? (
        <AllTried relations={relations.length} />
      ) : (
        <Suggested scope={scope} relations={relations} suggestions={suggestions} lists={lists} />
      )}
      <FindBestSet scope={scope} relations={relations} focused={focused} lists={lists} />
    </Stack>
  )
}

function AllTried({ relations }: { relations: number }) {
  return (
    <Text size="xs" className="quiet">
      Every set of these sources was run on{' '}
      {relations === 1 ? 'this relation' : `these ${relations} relations`}. What is left is their weights,
      below the figure and in Mix, or another source.
    </Text>
  )
}

function Suggested({ scope, relations, suggestions, lists }: Props) {
  const { call } = useWorkbench()
  const shown = suggestions.slice(0, shownSets)
  const worth = shown.filter(({ beatsBest }) => beatsBest >= worthTrying)
  const orders = (worth.length > 0 ? worth : shown).flatMap(
    ({ members }) => orderOfSet(scope, members, relations, lists) ?? []
  )
  const queue = useMutation({
    mutationFn: async () => {
      let runs = 0
      for (const order of orders) runs += (await call('transfers.order', order)).runs
      return runs
    }
  })
  return (
    <>
      <Table aria-label="Sets that were not run" verticalSpacing={2} fz="xs">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Sources</Table.Th>
            <Table.Th className="numeric">expected</Table.Th>
            <Table.Th className="numeric">beats the best</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {shown.map(({ set, name, mean, standardDeviation, beatsBest, asked }) => (
            <Table.Tr key={set}>
              <Table.Td className="breakable">
                {name}
                {asked > 0 && ` (${asked} of ${relations.length} relations run)`}
              </Table.Td>
              <Table.Td className="numeric">{`${percent(mean)} ± ${(200 * standardDeviation).toFixed(1)}`}</Table.Td>
              <Table.Td className="numeric">{percent(beatsBest)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <Text size="xs" className="quiet">
        {worth.length === 0
          ? 'None of them is likely to beat the best: stop here, or look at weights in Mix. '
          : ''}
        Expected by adding up the effects of the sources, ± two standard deviations.
      </Text>
      <Group gap="xs">
        <Button
          size="compact-xs"
          variant={worth.length > 0 ? 'filled' : 'default'}
          disabled={orders.length === 0}
          loading={queue.isPending}
          onClick={() => queue.mutate()}
        >
          {`Queue ${orders.length === 1 ? 'this set' : `${orders.length} sets`}`}
        </Button>
        <Text size="xs" role="status">
          {queue.data !== undefined && `${count(queue.data)} runs queued.`}
          {orders.length === 0 &&
            'The project no longer holds the prompts, or these runs are of a method that experiments run.'}
        </Text>
      </Group>
      <Failure of={queue} about={orders} />
    </>
  )
}
