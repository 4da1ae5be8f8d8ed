/** The prompts of the project: a table with filters, the import, and one prompt in detail. */
import { Button, Drawer, Group, Select, Table, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { PromptSummary } from '../../preload/contract/prompt-methods.ts'
import { Answer, EmptyState, Screen } from '../components/screen.tsx'
import { usePrompts } from '../connection/queries.ts'
import { ImportDialog } from './import-dialog.tsx'
import { PromptDetails } from './prompt-details.tsx'

function unique(values: readonly (string | null)[]): string[] {
  return [...new Set(values.filter((value) => value !== null))].sort()
}

export function PromptsScreen() {
  const prompts = usePrompts()
  const [importing, setImporting] = useState(false)
  const [shown, setShown] = useState<PromptSummary | null>(null)
  return (
    <Screen
      title="Prompts"
      lead="Continuous prompts, each belonging to one model of the project."
      actions={<Button onClick={() => setImporting(true)}>Import prompts</Button>}
    >
      <Answer query={prompts}>
        {(list) =>
          list.length === 0 ? (
            <EmptyState
              title="No prompts yet"
              text="Import prompts that were tuned with PEFT, OptiPrompt, OpenPrompt or your own code: a file, an adapter’s folder, or a whole tree of relations."
            />
          ) : (
            <PromptTable prompts={list} onShow={setShown} />
          )
        }
      </Answer>
      <ImportDialog opened={importing} onClose={() => setImporting(false)} />
      <Drawer
        opened={shown !== null}
        onClose={() => setShown(null)}
        position="right"
        size="lg"
        title={shown?.name}
        lockScroll={false}
        closeButtonProps={{ 'aria-label': 'Close' }}
      >
        {shown !== null && <PromptDetails id={shown.id} />}
      </Drawer>
    </Screen>
  )
}

type TableProps = { prompts: readonly PromptSummary[]; onShow: (prompt: PromptSummary) => void }

function PromptTable({ prompts, onShow }: TableProps) {
  const [text, setText] = useState('')
  const [model, setModel] = useState<string | null>(null)
  const wanted = text.toLowerCase()
  const rows = prompts.filter(
    (prompt) =>
      (model === null || prompt.model.name === model) &&
      `${prompt.name} ${prompt.relation ?? ''} ${prompt.task ?? ''}`.toLowerCase().includes(wanted)
  )
  return (
    <>
      <Group align="end">
        <TextInput
          label="Name, relation or task"
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <Select
          label="Model"
          placeholder="every model"
          clearable
          clearButtonProps={{ 'aria-label': 'Every model' }}
          data={unique(prompts.map((prompt) => prompt.model.name))}
          value={model}
          onChange={setModel}
        />
        <Text className="quiet" role="status">
          {rows.length} of {prompts.length}
        </Text>
      </Group>
      <Table.ScrollContainer minWidth={720}>
        <Table highlightOnHover stickyHeader>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Name</Table.Th>
              <Table.Th>Model</Table.Th>
              <Table.Th>Relation or task</Table.Th>
              <Table.Th className="numeric">Vectors</Table.Th>
              <Table.Th className="numeric">Width</Table.Th>
              <Table.Th>From</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map((prompt) => (
              <Table.Tr key={prompt.id}>
                <Table.Td>
                  <Button size="compact-sm" variant="subtle" onClick={() => onShow(prompt)}>
                    {prompt.name}
                  </Button>
                </Table.Td>
                <Table.Td>{prompt.model.name}</Table.Td>
                <Table.Td>{prompt.relation ?? prompt.task}</Table.Td>
                <Table.Td className="numeric">{prompt.vectorCount}</Table.Td>
                <Table.Td className="numeric">{prompt.width}</Table.Td>
                <Table.Td>{prompt.runId === null ? 'a file' : 'a run'}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </>
  )
}
