/** The tasks of the project, and what models answered to them. */
import { Button, Modal, Tabs, Text, Title } from '@mantine/core'
import { useCallback, useState } from 'react'
import { count } from '#engine/common/format/count.ts'
import type { EvaluationEntry, TaskEntry } from '#preload/contract/task-methods.ts'
import { FileDrop } from '#renderer/components/file-drop.tsx'
import { RemovalNotice, useRemoval } from '#renderer/components/removal.tsx'
import { Answer, EmptyState, Screen } from '#renderer/components/screen.tsx'
import { useEvaluations, usePrompts, useTasks } from '#renderer/connection/queries.ts'
import { useWorkbench } from '#renderer/connection/workbench.tsx'
import { AddClassification } from './add-classification.tsx'
import { AddRelations } from './add-relations.tsx'
import { EvaluateDialog } from './evaluate-dialog.tsx'
import { EvaluationTable } from './evaluation-table.tsx'
import { TaskInspector } from './task-inspector.tsx'
import { TaskTable } from './task-table.tsx'

export function TasksScreen() {
  const { call } = useWorkbench()
  const tasks = useTasks()
  const [adding, setAdding] = useState<{ dropped: string | null } | null>(null)
  const [isAsking, setAsking] = useState(false)
  const [queued, setQueued] = useState(0)
  const removal = useRemoval(
    (gone: readonly TaskEntry[]) => call('tasks.remove', { ids: gone.map(({ id }) => id) }),
    (gone) => ({
      title:
        gone.length === 1
          ? `${gone[0]?.summary.name} was removed`
          : `${count(gone.length)} tasks were removed`,
      text: 'Files and evaluations were not touched.'
    })
  )
  const addButton = <Button onClick={() => setAdding({ dropped: null })}>Add tasks</Button>
  return (
    <Screen
      title="Tasks"
      lead="Facts and labelled texts that prompts are tuned on and models are asked."
      actions={
        <>
          <Button
            variant="default"
            disabled={tasks.data === undefined || tasks.data.length === 0}
            onClick={() => setAsking(true)}
          >
            Evaluate
          </Button>
          {addButton}
        </>
      }
    >
      <FileDrop
        hint="Drop a folder of relations to add it"
        onDrop={([path]) => setAdding({ dropped: path ?? null })}
      />
      <Answer query={tasks}>
        {(list) =>
          list.length === 0 ? (
            <EmptyState
              title="No tasks yet"
              text="Add LAMA’s relations or labelled texts of your own: with them prompts can be tuned and models be asked how well a prompt does."
            />
          ) : (
            <TaskTable tasks={list} onRemove={removal.remove} />
          )
        }
      </Answer>
      {queued > 0 && (
        <Text role="status">
          {count(queued)} {queued === 1 ? 'question is' : 'questions are'} in the queue; answers appear below
          as they come.
        </Text>
      )}
      <Evaluations />
      <TaskInspector tasks={tasks.data ?? []} />
      <RemovalNotice removal={removal} />
      <AddDialog
        key={adding?.dropped}
        opened={adding !== null}
        dropped={adding?.dropped ?? null}
        onClose={() => setAdding(null)}
      />
      <EvaluateDialog opened={isAsking} onClose={() => setAsking(false)} onQueued={setQueued} />
    </Screen>
  )
}

function Evaluations() {
  const evaluations = useEvaluations()
  const prompts = usePrompts()
  const { data } = prompts
  const nameOf = useCallback(
    ({ promptId, condition }: EvaluationEntry) =>
      promptId === null ? condition : (data?.find(({ id }) => id === promptId)?.name ?? condition),
    [data]
  )
  return (
    <>
      <Title order={2} size="h4">
        Evaluations
      </Title>
      <Answer query={evaluations}>
        {(list) =>
          list.length === 0 ? (
            <Text className="quiet">
              What models answer is listed here: accuracy with its interval, for every prompt, manual template
              and random vectors that were asked.
            </Text>
          ) : (
            <EvaluationTable evaluations={list} nameOf={nameOf} />
          )
        }
      </Answer>
    </>
  )
}

type AddProps = { opened: boolean; dropped: string | null; onClose: () => void }

function AddDialog({ opened, dropped, onClose }: AddProps) {
  const [choosing, setChoosing] = useState(false)
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title="Add tasks"
      size="lg"
      closeOnEscape={!choosing}
      trapFocus={!choosing}
    >
      <Tabs defaultValue="relations">
        <Tabs.List mb="md">
          <Tabs.Tab value="relations">Relations</Tabs.Tab>
          <Tabs.Tab value="classification">Classification</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="relations">
          <AddRelations dropped={dropped} onDone={onClose} onChoosing={setChoosing} />
        </Tabs.Panel>
        <Tabs.Panel value="classification">
          <AddClassification onDone={onClose} onChoosing={setChoosing} />
        </Tabs.Panel>
      </Tabs>
    </Modal>
  )
}
