/** What can be done about a cell of the matrix that has no prompt: tune one on the model, or import one. */
import { Button, Group, Stack, Text } from '@mantine/core'
import type { TaskEntry } from '#preload/contract/task-methods.ts'
import type { MatrixCell } from './matrix-data.ts'
import type { TuningChoice } from './tuning/tuning-order.ts'

type Props = {
  cell: MatrixCell
  tasks: readonly TaskEntry[]
  onTune: (start: Partial<TuningChoice>) => void
  onImport: () => void
}

/** The model and task to tune on, or why there is nothing to tune. */
function tuningOf(
  { relation, model: { name, model } }: MatrixCell,
  tasks: readonly TaskEntry[]
): Partial<TuningChoice> | string {
  const task = tasks.findLast(({ summary }) => summary.name === relation)
  if (model === null) return `${name} is not in the project: add it on the screen Models to tune on it.`
  const { graph } = model.report
  if (graph.file === null) return `Nothing can be tuned on ${name}: ${graph.note}`
  if (task === undefined) return `To tune one, add the task ${relation} on the screen Tasks.`
  if (task.summary.examples.train === 0) return `The task ${relation} has no examples to train on.`
  if (model.missing || task.missing) return 'The files of the model or of the task are not where they were.'
  return { modelId: model.id, taskIds: [task.id] }
}

export function MissingPrompt({ cell, tasks, onTune, onImport }: Props) {
  const tuning = tuningOf(cell, tasks)
  return (
    <Stack gap="sm">
      <Text size="sm">{`${cell.model.name} has no prompt for ${cell.relation}.`}</Text>
      <Group gap="xs">
        <Button
          disabled={typeof tuning === 'string'}
          onClick={() => {
            if (typeof tuning !== 'string') onTune(tuning)
          }}
        >
          Tune it …
        </Button>
        <Button variant="default" onClick={onImport}>
          Import it …
        </Button>
      </Group>
      {typeof tuning === 'string' && (
        <Text size="sm" className="quiet">
          {tuning}
        </Text>
      )}
    </Stack>
  )
}
