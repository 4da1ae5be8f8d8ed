/** An experiment of the project: how far it is, its cells as they fill in, and its report. */
import { Button, Card, Group, Progress, Stack, Text, Title } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import type { ExperimentEntry } from '#preload/contract/experiment-methods.ts'
import { useReport } from '#renderer/components/report-buttons.tsx'
import { Answer } from '#renderer/components/screen.tsx'
import { useWorkbench } from '#renderer/connection/workbench.tsx'
import { CellGrid } from './cell-grid.tsx'
import { experimentSummary } from './experiment-progress.tsx'

export function StoredExperiment({ experiment }: { experiment: ExperimentEntry }) {
  const [showsCells, cells] = useDisclosure(false)
  const report = useReport({
    name: experiment.name,
    reported: { experimentId: experiment.id },
    disabled: experiment.done === 0
  })
  return (
    <Card withBorder padding="md" component="article" aria-label={experiment.name}>
      <Stack gap="sm">
        <Group justify="space-between" align="flex-start">
          <div>
            <Title order={3} size="h5">
              {experiment.name}
            </Title>
            <Text size="sm" className="quiet">
              {experimentSummary(experiment)}
            </Text>
          </div>
          <Group gap="xs">
            <Button variant="default" aria-expanded={showsCells} onClick={cells.toggle}>
              {showsCells ? 'Hide cells' : 'Show cells'}
            </Button>
            {report.buttons}
          </Group>
        </Group>
        <Progress
          value={experiment.cells === 0 ? 100 : (100 * experiment.done) / experiment.cells}
          aria-label={`${experiment.name}: ${experiment.done} of ${experiment.cells} cells`}
        />
        {report.outcome}
        {showsCells && <Grids id={experiment.id} />}
      </Stack>
    </Card>
  )
}

function Grids({ id }: { id: string }) {
  const { call } = useWorkbench()
  const grids = useQuery({
    queryKey: ['experiments', 'grids', id],
    queryFn: () => call('experiments.grids', { id })
  })
  return (
    <Answer query={grids}>
      {(list) => (
        <Stack>
          {list.map((grid) => (
            <CellGrid key={grid.title} grid={grid} />
          ))}
        </Stack>
      )}
    </Answer>
  )
}
