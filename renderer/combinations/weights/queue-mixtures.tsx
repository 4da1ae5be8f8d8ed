/** Queues the mixtures that were not run, having said how many runs they are and how long they take. */
import { Button, Group, Text } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import type { TransferGrid } from '#preload/contract/mix-methods.ts'
import { Failure } from '#renderer/components/failure.tsx'
import { count } from '#renderer/components/numbers.ts'
import { useWorkbench } from '#renderer/connection/workbench.tsx'
import { durationText } from '#renderer/queue/job-estimate.ts'

type Props = {
  /** One for each mixture that is missing; empty where the project lacks what they take. */
  orders: readonly TransferGrid[]
  missing: number
}

export function QueueMixtures({ orders, missing }: Props) {
  const { call } = useWorkbench()
  const [first] = orders
  // All take about as long as one: the sources are solved for each anew.
  const plan = useQuery({
    queryKey: ['mix', 'plan', first],
    enabled: first !== undefined,
    queryFn: ({ signal }) => (first === undefined ? null : call('transfers.plan', first, { signal }))
  })
  const queue = useMutation({
    mutationFn: async () => {
      let runs = 0
      for (const order of orders) runs += (await call('transfers.order', order)).runs
      return runs
    }
  })
  if (missing === 0) return null
  const { data } = plan
  const told =
    data === undefined || data === null
      ? ''
      : `: ${count(orders.length * data.runs)} runs, about ${durationText(Math.max(1, orders.length * data.seconds) * 1000)}`
  return (
    <>
      <Group gap="xs">
        <Button
          size="compact-sm"
          variant="default"
          disabled={orders.length === 0 || queue.isSuccess}
          loading={queue.isPending}
          onClick={() => queue.mutate()}
        >
          {`Queue ${count(missing)} missing ${missing === 1 ? 'mixture' : 'mixtures'}`}
        </Button>
        <Text size="sm" role="status">
          {queue.data !== undefined
            ? `${count(queue.data)} runs queued.`
            : orders.length === 0
              ? 'The project no longer holds the prompts, or these runs are of a method that experiments run.'
              : `Not run yet${told}.`}
        </Text>
      </Group>
      <Failure of={queue} about={orders} />
    </>
  )
}
