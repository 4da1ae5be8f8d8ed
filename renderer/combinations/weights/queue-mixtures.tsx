/** Queues the mixtures that were not run, having said how many runs they are and how long they take. */
import { Button, Group, Text } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { count } from '#engine/common/format/count.ts'
import { durationText } from '#engine/common/format/duration.ts'
import type { TransferGrid } from '#preload/contract/mix-methods.ts'
import { Failure } from '#renderer/components/failure.tsx'
import { useWorkbench } from '#renderer/connection/workbench.tsx'

type Props = {
  /** Of the mixtures that are missing; null where the project lacks what they take. */
  order: TransferGrid | null
  missing: number
}

export function QueueMixtures({ order, missing }: Props) {
  const { call } = useWorkbench()
  const plan = useQuery({
    queryKey: ['mix', 'plan', order],
    enabled: order !== null && missing > 0,
    queryFn: ({ signal }) => (order === null ? null : call('transfers.plan', order, { signal }))
  })
  const queue = useMutation({
    mutationFn: async () => (order === null ? 0 : (await call('transfers.order', order)).runs)
  })
  if (missing === 0) return null
  const { data } = plan
  const told =
    data === undefined || data === null
      ? ''
      : `: ${count(data.runs)} runs${data.seconds === null ? '' : `, about ${durationText(Math.max(1, data.seconds))}`}`
  return (
    <>
      <Group gap="xs">
        <Button
          size="compact-sm"
          variant="default"
          disabled={order === null || queue.isSuccess}
          loading={queue.isPending}
          onClick={() => queue.mutate()}
        >
          {`Queue ${count(missing)} missing ${missing === 1 ? 'mixture' : 'mixtures'}`}
        </Button>
        <Text size="sm" role="status">
          {queue.data !== undefined
            ? `${count(queue.data)} runs queued.`
            : order === null
              ? 'The project no longer holds the prompts, or these runs are of a method that experiments run.'
              : `Not run yet${told}.`}
        </Text>
      </Group>
      <Failure of={queue} about={order} />
    </>
  )
}
