/** One task in full: what it holds, how it is asked, and what models answered to it. */
import { List, Stack, Title } from '@mantine/core'
import { count } from '#engine/common/format/count.ts'
import type { TaskEntry } from '#preload/contract/task-methods.ts'
import { FactTable } from '#renderer/components/fact-table.tsx'
import { Inspector } from '#renderer/components/screen.tsx'
import { useOpened } from '#renderer/connection/address.ts'
import { useEvaluations } from '#renderer/connection/queries.ts'
import { EvaluationTable } from './evaluation-table.tsx'
import { kindText } from './task-table.tsx'

/** The task that the page's address names, where it is one of these. */
export function TaskInspector({ tasks }: { tasks: readonly TaskEntry[] }) {
  const [opened, open] = useOpened()
  const evaluations = useEvaluations()
  const task = tasks.find(({ id }) => id === opened)
  if (task === undefined) return null
  const { summary, source } = task
  const { train, dev, test } = summary.examples
  const own = evaluations.data?.filter((evaluation) => evaluation.task === summary.name) ?? []
  return (
    <Inspector title={summary.name} onClose={() => open(null)}>
      <Stack gap="sm">
        <FactTable
          label="Facts"
          facts={[
            ['Label', summary.relation?.label ?? null],
            ['Kind', kindText(summary)],
            ['Examples', `train ${count(train)}, dev ${count(dev)}, test ${count(test)}`],
            ['Candidates', summary.candidates === null ? 'every token' : count(summary.candidates)],
            ['Template', summary.template],
            ['Files', source.kind === 'relation' ? source.folder : Object.values(source.files).join(', ')]
          ]}
        />
        {summary.notes.length > 0 && (
          <List size="sm">
            {summary.notes.map((note) => (
              <List.Item key={note}>{note}</List.Item>
            ))}
          </List>
        )}
        {own.length > 0 && (
          <>
            <Title order={3}>Evaluations</Title>
            <EvaluationTable evaluations={own} />
          </>
        )}
      </Stack>
    </Inspector>
  )
}
