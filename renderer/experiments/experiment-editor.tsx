/** An experiment file: its text with every mistake at its line, what it will compute, and the way to run it. */
import { Alert, Anchor, Badge, Button, Card, Group, List, Stack, Text, Title } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import type { ExperimentMistake } from '#preload/contract/experiment-methods.ts'
import { Failure } from '#renderer/components/failure.tsx'
import { Answer } from '#renderer/components/screen.tsx'
import { useWorkbench } from '#renderer/connection/workbench.tsx'
import { fileName } from './experiment-files.ts'
import { ExperimentProgress } from './experiment-progress.tsx'
import { goTo, LineEditor } from './line-editor.tsx'

/** The pause after the last change before the text is checked. */
const pauseMilliseconds = 300

export function ExperimentEditor({ path }: { path: string }) {
  const { call } = useWorkbench()
  const file = useQuery({
    queryKey: ['experiment-file', path],
    queryFn: () => call('experiments.readFile', { path }),
    gcTime: 0
  })
  return <Answer query={file}>{({ text }) => <EditorOf path={path} saved={text} />}</Answer>
}

function EditorOf({ path, saved }: { path: string; saved: string }) {
  const { call } = useWorkbench()
  const area = useRef<HTMLTextAreaElement>(null)
  const [text, setText] = useState(saved)
  const [written, setWritten] = useState(saved)
  const [settled] = useDebouncedValue(text, pauseMilliseconds)
  const check = useQuery({
    queryKey: ['experiment-check', settled],
    queryFn: () => call('experiments.check', { text: settled }),
    placeholderData: keepPreviousData,
    gcTime: 0
  })
  const mistakes = check.data?.mistakes ?? []
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
        <LineEditor
          label="Experiment file"
          text={text}
          onChange={setText}
          marked={new Set(mistakes.map(({ line }) => line))}
          area={area}
        />
        <Mistakes
          mistakes={mistakes}
          onGo={({ line, column }) => area.current !== null && goTo(area.current, line, column)}
        />
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

type MistakesProps = { mistakes: readonly ExperimentMistake[]; onGo: (mistake: ExperimentMistake) => void }

function Mistakes({ mistakes, onGo }: MistakesProps) {
  if (mistakes.length === 0) return null
  return (
    <Alert color="red" variant="light" role="alert" title={mistakes.length === 1 ? 'A mistake' : 'Mistakes'}>
      <List size="sm" listStyleType="none">
        {mistakes.map((mistake) => (
          <List.Item key={`${mistake.line} ${mistake.column} ${mistake.setting} ${mistake.found}`}>
            <Anchor component="button" type="button" size="sm" onClick={() => onGo(mistake)}>
              Line {mistake.line}
            </Anchor>
            {mistake.setting === '' ? ': ' : `, ${mistake.setting}: `}
            found {mistake.found}, expected {mistake.expected}
          </List.Item>
        ))}
      </List>
    </Alert>
  )
}
