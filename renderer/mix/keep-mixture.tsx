/** Makes a run of the mixture at hand: in the queue at once, asked the whole task where there is one. */
import { Button, Group, Text } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { Failure } from '#renderer/components/failure.tsx'
import { useWorkbench } from '#renderer/connection/workbench.tsx'
import type { MixSides } from './mix-choice.ts'
import type { TaskSample } from './task-sample.ts'

type Props = { sides: MixSides; weights: readonly number[]; sample: TaskSample | null }

function useKeep({ sides, weights, sample }: Props) {
  const { call } = useWorkbench()
  return useMutation({
    mutationFn: () => {
      const { sources, targetId, anchorSetId, mask, centre, ridge, rescale } = sides
      return call('transfers.order', {
        sources: sources.map(({ promptId, modelId }, index) => ({
          modelId,
          promptIds: [promptId],
          weight: weights[index]
        })),
        together: { least: sources.length, most: sources.length },
        includeSelfTransfer: true,
        targetIds: [targetId],
        anchorSetIds: [anchorSetId],
        masks: [mask],
        centres: [centre],
        searches: [{ kind: 'exact', ridges: [ridge] }],
        rescale,
        evaluation: sample === null ? null : { split: 'test', limit: null, taskId: sample.taskId }
      })
    }
  })
}

/** The button, what else can be done with a mixture beside it, and what came of it. */
export function KeepMixture({ children, ...props }: Props & { children: ReactNode }) {
  const keep = useKeep(props)
  const { sample } = props
  const kept = sample === null ? 'Queued as a run.' : `Queued as a run, to be asked all of ${sample.name}.`
  return (
    <>
      <Group gap="sm">
        <Button loading={keep.isPending} onClick={() => keep.mutate()}>
          Save run
        </Button>
        {children}
        <Text size="sm" role="status">
          {keep.isSuccess && kept}
        </Text>
      </Group>
      <Failure of={keep} about={[props.sides, props.weights, sample]} />
    </>
  )
}
