/** Grid search: a dialog that says how many runs they are and how long they take before it queues them. */
import { Button, Group, List, Modal, Stack, Text } from '@mantine/core'
import { useDebouncedValue, useDisclosure } from '@mantine/hooks'
import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { count } from '#engine/common/format/count.ts'
import { durationText } from '#engine/common/format/duration.ts'
import type { GridPlan, TransferGrid } from '#preload/contract/mix-methods.ts'
import { Failure } from '#renderer/components/failure.tsx'
import { bytes } from '#renderer/components/numbers.ts'
import { Answer } from '#renderer/components/screen.tsx'
import type { Lists } from '#renderer/connection/lists.ts'
import { useWorkbench } from '#renderer/connection/workbench.tsx'
import { type MixSetup, sourcesOf } from '../mix-choice.ts'
import { candidatesOf, type GridChoice, gridOf, startingGrid } from './grid-choice.ts'
import { GridForm } from './grid-form.tsx'

const planPause = 300

type Props = { setup: MixSetup; lists: Lists }

export function GridOrder({ setup, lists }: Props) {
  const [isOpen, { open, close }] = useDisclosure()
  const [queued, setQueued] = useState<number | null>(null)
  return (
    <>
      <Button variant="default" onClick={open}>
        Grid search …
      </Button>
      {queued !== null && (
        <Text size="sm" role="status">
          {count(queued)} runs queued.
        </Text>
      )}
      <Modal opened={isOpen} onClose={close} title="Grid search" size={920}>
        <GridDialog
          setup={setup}
          lists={lists}
          onQueued={(runs) => {
            setQueued(runs)
            close()
          }}
        />
      </Modal>
    </>
  )
}

function GridDialog({ setup, lists, onQueued }: Props & { onQueued: (runs: number) => void }) {
  const sources = useMemo(() => sourcesOf(setup, lists), [setup, lists])
  const candidates = useMemo(() => candidatesOf(setup, sources, lists), [setup, sources, lists])
  const [choice, setChoice] = useState<GridChoice>(() => startingGrid(setup, sources, candidates, lists))
  const grid = useMemo(() => gridOf(choice, candidates, setup), [choice, candidates, setup])
  return (
    <Stack gap="md">
      <GridForm
        choice={choice}
        candidates={candidates}
        lists={lists}
        onChange={(change) => setChoice({ ...choice, ...change })}
      />
      {grid === null ? (
        <Text className="quiet">A field above is empty or has a mistake.</Text>
      ) : (
        <PlannedGrid grid={grid} onQueued={onQueued} />
      )}
    </Stack>
  )
}

function PlannedGrid({ grid, onQueued }: { grid: TransferGrid; onQueued: (runs: number) => void }) {
  const { call } = useWorkbench()
  const [settled] = useDebouncedValue(grid, planPause)
  const plan = useQuery({
    queryKey: ['mix', 'plan', settled],
    placeholderData: keepPreviousData,
    // What it takes may have been learnt since.
    staleTime: 0,
    queryFn: ({ signal }) => call('transfers.plan', settled, { signal })
  })
  const isBehind = plan.isPlaceholderData || settled !== grid
  const order = useMutation({
    mutationFn: () => call('transfers.order', grid),
    onSuccess: ({ runs }) => onQueued(runs)
  })
  return (
    <>
      <Group justify="space-between" align="start" wrap="nowrap">
        <Answer query={plan}>{(planned) => <PlanSummary plan={planned} />}</Answer>
        <Button
          flex="none"
          disabled={plan.data === undefined || plan.data.runs === 0 || isBehind}
          loading={order.isPending}
          onClick={() => order.mutate()}
        >
          {plan.data === undefined ? 'Queue' : `Queue ${count(plan.data.runs)} runs`}
        </Button>
      </Group>
      <Failure of={order} />
    </>
  )
}

function PlanSummary({ plan }: { plan: GridPlan }) {
  const { runs, jobs, evaluated, seconds, estimatedFrom, bytes: memory, notes } = plan
  const source = estimatedFrom === 'trial' ? 'estimated by a trial' : 'estimated from previous runs'
  return (
    <Stack gap={4} role="status">
      <Text fw={700}>
        {count(runs)} runs in {count(jobs)} jobs
        {seconds === null
          ? '; how long they take is not known, as a trial failed'
          : `, about ${durationText(Math.max(1, seconds))} ${source}`}
      </Text>
      <Text size="sm">
        {evaluated === 0 ? 'None is asked a task.' : `${count(evaluated)} are asked their task.`}
        {runs > 0 && ` A run takes up to ${bytes(memory)} of memory.`}
      </Text>
      {notes.length > 0 && (
        <List size="sm">
          {notes.map((note) => (
            <List.Item key={note}>{note}</List.Item>
          ))}
        </List>
      )}
    </Stack>
  )
}
