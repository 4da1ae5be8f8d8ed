/** The import: choose a file or folder, see what was found and what is missing, say which model it belongs to. */
import {
  Alert,
  Button,
  Checkbox,
  Code,
  Group,
  Loader,
  Modal,
  NumberInput,
  Select,
  Stack,
  Table,
  Text
} from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { PromptCandidate, PromptInspection } from '../../engine/contract/prompts.ts'
import type { ModelEntry } from '../../preload/contract/model-methods.ts'
import { ErrorReport } from '../components/error-report.tsx'
import { useModels } from '../connection/queries.ts'
import { useWorkbench } from '../connection/workbench.tsx'

type Props = { opened: boolean; onClose: () => void }

export function ImportDialog({ opened, onClose }: Props) {
  // While the host's own dialog is open, the keyboard is that one's.
  const [choosing, setChoosing] = useState(false)
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title="Import prompts"
      size="xl"
      closeOnEscape={!choosing}
      trapFocus={!choosing}
      lockScroll={false}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <ImportSteps onDone={onClose} onChoosing={setChoosing} />
    </Modal>
  )
}

type StepsProps = { onDone: () => void; onChoosing: (choosing: boolean) => void }

function ImportSteps({ onDone, onChoosing }: StepsProps) {
  const { call, host } = useWorkbench()
  const models = useModels()
  const [path, setPath] = useState<string | null>(null)
  const inspection = useQuery({
    queryKey: ['inspection', path],
    enabled: path !== null,
    gcTime: 0,
    queryFn: ({ signal }) => call('prompts.inspect', { path: path ?? '' }, { signal })
  })
  const choose = async (): Promise<void> => {
    onChoosing(true)
    const chosen = await host.choose({
      title: 'Prompts: a file, or a folder of them',
      kind: 'file or folder'
    })
    onChoosing(false)
    if (chosen !== null) setPath(chosen)
  }
  return (
    <Stack>
      <Group wrap="nowrap">
        <Button variant={path === null ? 'filled' : 'default'} onClick={() => void choose()} flex="none">
          Choose file or folder
        </Button>
        {path !== null && <Code className="breakable">{path}</Code>}
      </Group>
      {inspection.isError && <ErrorReport error={inspection.error} />}
      {inspection.isLoading && <Loader aria-label="Looking into the files" />}
      {inspection.data !== undefined && path !== null && (
        <FoundPrompts
          key={path}
          path={path}
          found={inspection.data}
          models={models.data ?? []}
          onDone={onDone}
        />
      )}
    </Stack>
  )
}

type FoundProps = { path: string; found: PromptInspection; models: readonly ModelEntry[]; onDone: () => void }

function keyOf({ path, part }: PromptCandidate): string {
  return `${path}#${part}`
}

function FoundPrompts({ path, found, models, onDone }: FoundProps) {
  const { call } = useWorkbench()
  const { candidates, refused } = found
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set(candidates.map(keyOf)))
  const [modelId, setModelId] = useState<string | null>(null)
  const [vectors, setVectors] = useState<number | string>('')
  const firstRows = typeof vectors === 'number' ? { vectors } : {}
  const widths = new Set(candidates.map(({ shape }) => shape.at(-1)))
  const fitting = models.filter(({ report }) => widths.has(report.width))
  const belongsTo = modelId ?? (fitting.length === 1 ? (fitting[0]?.id ?? null) : null)
  const run = useMutation({
    mutationFn: async (model: string) => {
      const isTree =
        candidates.length > 1 &&
        chosen.size === candidates.length &&
        candidates.every(({ relation }) => relation !== null)
      if (isTree) await call('prompts.importTree', { modelId: model, tree: { path, ...firstRows } })
      else
        for (const candidate of candidates.filter((item) => chosen.has(keyOf(item)))) {
          const choice = { path: candidate.path, part: candidate.part, ...firstRows }
          await call('prompts.import', { modelId: model, choice })
        }
    },
    onSuccess: onDone
  })
  const toggle = (key: string): void => {
    const next = new Set(chosen)
    if (!next.delete(key)) next.add(key)
    setChosen(next)
  }
  return (
    <Stack>
      <Text role="status">
        Found {candidates.length} {candidates.length === 1 ? 'prompt' : 'prompts'}
        {refused.length > 0 && `, and ${refused.length} that can’t be read`}.
      </Text>
      {refused.map((item) => (
        <Alert key={item.path} color="yellow" variant="light" title={item.path}>
          {item.message} {item.next}
        </Alert>
      ))}
      <Table.ScrollContainer minWidth={560} maxHeight={260}>
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Import</Table.Th>
              <Table.Th>Format</Table.Th>
              <Table.Th className="numeric">Vectors × width</Table.Th>
              <Table.Th>What is missing or odd</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {candidates.map((candidate) => (
              <Table.Tr key={keyOf(candidate)}>
                <Table.Td>
                  <Checkbox
                    label={candidate.relation ?? candidate.part}
                    checked={chosen.has(keyOf(candidate))}
                    onChange={() => toggle(keyOf(candidate))}
                  />
                </Table.Td>
                <Table.Td>{candidate.format}</Table.Td>
                <Table.Td className="numeric">{candidate.shape.join(' × ')}</Table.Td>
                <Table.Td>{candidate.warnings.join(' ')}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      <Group align="end">
        <Select
          label="Tuned on"
          description={fitting.length === 0 ? 'No model of the project has this width.' : undefined}
          data={models.map(({ id, report }) => ({
            value: id,
            label: `${report.name} (width ${report.width})`
          }))}
          value={belongsTo}
          onChange={setModelId}
          w={300}
        />
        <NumberInput
          label="Only the first vectors"
          placeholder="all"
          min={1}
          value={vectors}
          onChange={setVectors}
        />
        <Button
          disabled={belongsTo === null || chosen.size === 0}
          loading={run.isPending}
          onClick={() => belongsTo !== null && run.mutate(belongsTo)}
        >
          Import {chosen.size}
        </Button>
      </Group>
      {run.error !== null && <ErrorReport error={run.error} />}
    </Stack>
  )
}
