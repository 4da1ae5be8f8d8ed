/** An experiment of the project: how far it is, its cells as they fill in, and its report. */
import { Alert, Button, Card, Group, Progress, Stack, Text, Title } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useMutation, useQuery } from '@tanstack/react-query'
import type { ExperimentEntry } from '#preload/contract/experiment-methods.ts'
import { Failure } from '#renderer/components/failure.tsx'
import { count } from '#renderer/components/numbers.ts'
import { Answer } from '#renderer/components/screen.tsx'
import { useWorkbench } from '#renderer/connection/workbench.tsx'
import { CellGrid } from './cell-grid.tsx'
import { experimentSummary } from './experiment-progress.tsx'
import { ReportDialog } from './report-dialog.tsx'

export function StoredExperiment({ experiment }: { experiment: ExperimentEntry }) {
  const { call, host } = useWorkbench()
  const [showsCells, cells] = useDisclosure(false)
  const [showsReport, report] = useDisclosure(false)
  const write = useMutation({
    mutationFn: async () => {
      const folder = await host.choose({ title: 'Write the report into a folder', kind: 'folder' })
      return folder === null ? null : await call('experiments.writeReport', { id: experiment.id, folder })
    }
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
            <Button
              variant="default"
              disabled={experiment.done === 0}
              loading={write.isPending}
              onClick={() => write.mutate()}
            >
              Write report
            </Button>
            <Button disabled={experiment.done === 0} onClick={report.open}>
              Open report
            </Button>
          </Group>
        </Group>
        <Progress
          value={experiment.cells === 0 ? 100 : (100 * experiment.done) / experiment.cells}
          aria-label={`${experiment.name}: ${experiment.done} of ${experiment.cells} cells`}
        />
        <Failure of={write} />
        {write.data !== undefined && write.data !== null && (
          <Alert color="green" role="status" title={`${count(write.data.files.length)} files were written`}>
            <Text size="sm" className="breakable">
              {write.data.files[0]}
            </Text>
          </Alert>
        )}
        {showsCells && <Grids id={experiment.id} />}
      </Stack>
      <ReportDialog experiment={experiment} opened={showsReport} onClose={report.close} />
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
