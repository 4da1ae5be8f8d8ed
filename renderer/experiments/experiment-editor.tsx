/**
 * An experiment file: its form and its YAML, two views of one text, with every mistake at its line, what it will compute, and the
 * way to run it.
 */
import {
  Alert,
  Anchor,
  Badge,
  Button,
  Card,
  Group,
  List,
  SegmentedControl,
  Skeleton,
  Stack,
  Text,
  Title
} from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useMemo, useRef, useState } from 'react'
import type { ExperimentMistake } from '#preload/contract/experiment-methods.ts'
import { Failure } from '#renderer/components/failure.tsx'
import { Answer } from '#renderer/components/screen.tsx'
import { useWorkbench } from '#renderer/connection/workbench.tsx'
import { fileName } from './experiment-files.ts'
import { ExperimentProgress } from './experiment-progress.tsx'
import { jsonSchemaSchema, schemaOptions } from './schema-options.ts'
import type { YamlEditorHandle } from './yaml-editor.tsx'
import type { YamlPlace } from './yaml-place.ts'

/** CodeMirror and the parser of YAML are loaded with the first file: no other screen needs them. */
const YamlEditor = lazy(() => import('./yaml-editor.tsx'))
const ExperimentForm = lazy(() => import('./experiment-form.tsx'))

/** The pause after the last change before the text is checked. */
const pauseMilliseconds = 300

export function ExperimentEditor({ path }: { path: string }) {
  const { call } = useWorkbench()
  const file = useQuery({
    queryKey: ['experiment-file', path],
    queryFn: () => call('experiments.readFile', { path }),
    gcTime: 0
  })
  const schema = useQuery({ queryKey: ['experiment-schema'], queryFn: () => call('experiments.schema', {}) })
  return (
    <Answer query={file}>
      {({ text }) => <EditorOf path={path} saved={text} schema={schema.data?.schema ?? {}} />}
    </Answer>
  )
}

type EditorProps = { path: string; saved: string; schema: unknown }

function EditorOf({ path, saved, schema }: EditorProps) {
  const { call } = useWorkbench()
  const editor = useRef<YamlEditorHandle>(null)
  const [view, setView] = useState('yaml')
  const known = useMemo(() => jsonSchemaSchema.parse(schema), [schema])
  const [text, setText] = useState(saved)
  const [written, setWritten] = useState(saved)
  const [settled] = useDebouncedValue(text, pauseMilliseconds)
  const check = useQuery({
    queryKey: ['experiment-check', settled],
    queryFn: () => call('experiments.check', { text: settled }),
    placeholderData: keepPreviousData,
    gcTime: 0
  })
  const mistakes = check.data?.mistakes ?? noMistakes
  const save = async (): Promise<void> => {
    if (text === written) return
    await call('experiments.writeFile', { path, text })
    setWritten(text)
  }
  const keep = useMutation({ mutationFn: save })
  const plan = useMutation({
    mutationFn: async () => {
      await save()
      return await call('experiments.plan', { path })
    }
  })
  const run = useMutation({
    mutationFn: async () => {
      await save()
      return await call('experiments.run', { path })
    },
    onSuccess: () => plan.reset()
  })
  const goTo = ({ line, column }: ExperimentMistake): void => editor.current?.goTo(line, column)
  const isReady = check.data !== undefined && settled === text && mistakes.length === 0
  return (
    <Card withBorder padding="md" component="section" aria-label={fileName(path)}>
      <Stack gap="sm">
        <Group justify="space-between">
          <div>
            <Title order={2} size="h5">
              {fileName(path)} {text !== written && <Badge variant="light">not saved</Badge>}
            </Title>
            <Text size="sm" className="quiet breakable">
              {path}
            </Text>
          </div>
          <Group gap="xs">
            <SegmentedControl
              aria-label="View of the file"
              data={[
                { value: 'form', label: 'Form' },
                { value: 'yaml', label: 'YAML' }
              ]}
              value={view}
              onChange={setView}
            />
            <Button
              variant="default"
              disabled={text === written}
              loading={keep.isPending}
              onClick={() => keep.mutate()}
            >
              Save
            </Button>
            <Button
              variant="default"
              disabled={!isReady}
              loading={plan.isPending}
              onClick={() => plan.mutate()}
            >
              Dry run
            </Button>
            <Button disabled={!isReady} loading={run.isPending} onClick={() => run.mutate()}>
              Run
            </Button>
          </Group>
        </Group>
        <Suspense fallback={<Skeleton height={420} />}>
          {view === 'form' ? (
            <ExperimentForm text={text} onChange={setText} />
          ) : (
            <YamlEditor
              label="Experiment file"
              text={text}
              onChange={setText}
              mistakes={mistakes}
              options={(now: string, place: YamlPlace) => schemaOptions(known, now, place)}
              handle={editor}
            />
          )}
        </Suspense>
        <Mistakes mistakes={mistakes} onGo={view === 'yaml' ? goTo : null} />
        <Failure of={[keep, plan, run]} about={text} />
        {plan.data !== undefined && <ExperimentProgress status={plan.data} />}
        {run.data !== undefined && (
          <Alert color="green" role="status">
            {run.data.jobId === null
              ? 'Everything of this experiment is done already: its report is below.'
              : 'The experiment was queued; its cells fill in below.'}
          </Alert>
        )}
      </Stack>
    </Card>
  )
}

const noMistakes: readonly ExperimentMistake[] = []

type MistakesProps = {
  mistakes: readonly ExperimentMistake[]
  /** Shows the place; null where no text is shown. */
  onGo: ((mistake: ExperimentMistake) => void) | null
}

function Mistakes({ mistakes, onGo }: MistakesProps) {
  if (mistakes.length === 0) return null
  return (
    <Alert color="red" variant="light" role="alert" title={mistakes.length === 1 ? 'A mistake' : 'Mistakes'}>
      <List size="sm" listStyleType="none">
        {mistakes.map((mistake) => (
          <List.Item key={`${mistake.line} ${mistake.column} ${mistake.setting} ${mistake.found}`}>
            {onGo === null ? (
              `Line ${mistake.line}`
            ) : (
              <Anchor component="button" type="button" size="sm" onClick={() => onGo(mistake)}>
                Line {mistake.line}
              </Anchor>
            )}
            {mistake.setting === '' ? ': ' : `, ${mistake.setting}: `}
            found {mistake.found}, expected {mistake.expected}
          </List.Item>
        ))}
      </List>
    </Alert>
  )
}
