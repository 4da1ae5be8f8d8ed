/** The import: choose a file or folder, see what was found and what is missing, say which models it belongs to. */
import { Accordion, Alert, Button, Code, Group, Loader, Modal, Stack, Text } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { PromptInspection } from '#engine/common/contract/prompts.ts'
import { count } from '#engine/common/format/count.ts'
import type { ModelEntry } from '#preload/contract/model-methods.ts'
import { ErrorReport } from '#renderer/components/error-report.tsx'
import { Failure } from '#renderer/components/failure.tsx'
import { Answer } from '#renderer/components/screen.tsx'
import { useModels } from '#renderer/connection/queries.ts'
import { useWorkbench } from '#renderer/connection/workbench.tsx'
import { type GroupChoice, ImportGroupView } from './import-group.tsx'
import { candidateKey, groupCandidates, type ImportGroup } from './import-groups.ts'

type Props = {
  opened: boolean
  /** A file or folder that was dropped; null: the person chooses. */
  dropped: string | null
  onClose: () => void
}

export function ImportDialog({ opened, dropped, onClose }: Props) {
  // While the host's own dialog is open, the keyboard is that one's.
  const [choosing, setChoosing] = useState(false)
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title="Import prompts"
      size={960}
      closeOnEscape={!choosing}
      trapFocus={!choosing}
    >
      <ImportSteps dropped={dropped} onDone={onClose} onChoosing={setChoosing} />
    </Modal>
  )
}

type StepsProps = {
  dropped: string | null
  onDone: () => void
  onChoosing: (choosing: boolean) => void
}

function ImportSteps({ dropped, onDone, onChoosing }: StepsProps) {
  const { call, host } = useWorkbench()
  const models = useModels()
  const [path, setPath] = useState(dropped)
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
      {path === null && (
        <Text size="sm">
          A file of PEFT, OptiPrompt, OpenPrompt or thunlp, an array in .npy, .npz, safetensors, torch, JSON
          or CSV, or a folder of them: every prompt below it is found.
        </Text>
      )}
      <Group wrap="nowrap">
        <Button variant={path === null ? 'filled' : 'default'} onClick={() => void choose()} flex="none">
          Choose file or folder
        </Button>
        {path !== null && <Code className="breakable">{path}</Code>}
      </Group>
      {inspection.isError && <ErrorReport error={inspection.error} />}
      {inspection.isLoading && <Loader role="status" aria-label="Looking into the files" />}
      {inspection.data !== undefined && path !== null && (
        <Answer query={models}>
          {(list) => (
            <FoundPrompts key={path} place={path} found={inspection.data} models={list} onDone={onDone} />
          )}
        </Answer>
      )}
    </Stack>
  )
}

type FoundProps = {
  place: string
  found: PromptInspection
  models: readonly ModelEntry[]
  onDone: () => void
}

function startingChoice({ guess, fitting, candidates }: ImportGroup): GroupChoice {
  return {
    modelId: guess?.id ?? null,
    vectors: null,
    chosen: new Set(fitting.length === 0 ? [] : candidates.map(candidateKey))
  }
}

function importsOf(group: ImportGroup, { modelId, vectors, chosen }: GroupChoice) {
  if (modelId === null) return []
  return group.candidates
    .filter((candidate) => chosen.has(candidateKey(candidate)))
    .map(({ path, part }) => ({
      modelId,
      choice: { path, part, ...(vectors === null ? {} : { vectors }) }
    }))
}

/** What keeps a group from being imported, or null. */
function missingOf(group: ImportGroup, { modelId, vectors, chosen }: GroupChoice): string | null {
  if (chosen.size === 0) return null
  const which = group.modelName ?? `width ${group.width}`
  if (modelId === null) return `Say which model the prompts of ${which} were tuned on.`
  if (group.rowsMustBeChosen && vectors === null) return `Say how many vectors the prompts of ${which} have.`
  return null
}

function FoundPrompts({ place, found, models, onDone }: FoundProps) {
  const { call } = useWorkbench()
  const { candidates, refused } = found
  const groups = groupCandidates(candidates, models)
  const [choices, setChoices] = useState<Readonly<Record<string, GroupChoice>>>({})
  const choiceOf = (group: ImportGroup): GroupChoice => choices[group.key] ?? startingChoice(group)
  const imports = groups.flatMap((group) => importsOf(group, choiceOf(group)))
  const missing = groups.flatMap((group) => missingOf(group, choiceOf(group)) ?? [])
  const run = useMutation({ mutationFn: () => call('prompts.import', { imports }), onSuccess: onDone })
  return (
    <Stack>
      <Text role="status">
        Found {count(candidates.length)} {candidates.length === 1 ? 'prompt' : 'prompts'}
        {refused.length > 0 && `, and ${count(refused.length)} that can’t be read`}.
      </Text>
      {refused.length > 0 && <Refused refused={refused} />}
      {groups.map((group) => (
        <ImportGroupView
          key={group.key}
          group={group}
          place={place}
          choice={choiceOf(group)}
          onChoice={(choice) => setChoices({ ...choices, [group.key]: choice })}
        />
      ))}
      {candidates.length > 0 && (
        <Group justify="flex-end">
          <Text size="sm" className="quiet" flex={1}>
            {missing.join(' ')}
          </Text>
          <Button
            disabled={imports.length === 0 || missing.length > 0}
            loading={run.isPending}
            onClick={() => run.mutate()}
          >
            Import {count(imports.length)}
          </Button>
        </Group>
      )}
      <Failure of={run} about={imports} />
    </Stack>
  )
}

/** One is told of at once, several when they are asked for. */
function Refused({ refused }: Pick<PromptInspection, 'refused'>) {
  const notes = refused.map(({ path, message, found, expected, next }) => (
    <Alert key={path} color="yellow" variant="light" title={path} classNames={{ title: 'breakable' }}>
      {message} {next}
      {found !== undefined && <div className="breakable">Found: {found}</div>}
      {expected !== undefined && <div className="breakable">Expected: {expected}</div>}
    </Alert>
  ))
  if (refused.length === 1) return notes
  return (
    <Accordion variant="contained">
      <Accordion.Item value="refused">
        <Accordion.Control>{count(refused.length)} files can’t be read</Accordion.Control>
        <Accordion.Panel>
          <Stack gap="xs">{notes}</Stack>
        </Accordion.Panel>
      </Accordion.Item>
    </Accordion>
  )
}
