/** Tuning a new prompt: model, tasks, where the vectors start, seeds; the recipe is folded away. */
import {
  Accordion,
  Button,
  Group,
  Modal,
  MultiSelect,
  NumberInput,
  SegmentedControl,
  Select,
  Stack,
  Text,
  TextInput
} from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { count } from '#engine/common/format/count.ts'
import type { ModelEntry } from '#preload/contract/model-methods.ts'
import type { PromptSummary } from '#preload/contract/prompt-methods.ts'
import type { TaskEntry } from '#preload/contract/task-methods.ts'
import { Failure } from '#renderer/components/failure.tsx'
import { ProjectLists } from '#renderer/components/project-lists.tsx'
import { useWorkbench } from '#renderer/connection/workbench.tsx'
import { promptLabel } from '../prompt-label.ts'
import { SettingsForm } from './settings-form.tsx'
import { completeTuning, parseSeeds, startingTuning, type TuningChoice } from './tuning-order.ts'

type Props = {
  opened: boolean
  /** What is filled in already. */
  start: Partial<TuningChoice>
  onClose: () => void
}

export function TuneDialog({ opened, start, onClose }: Props) {
  return (
    <Modal opened={opened} onClose={onClose} title="Tune a new prompt" size="lg">
      <ProjectLists>
        {({ models, tasks, prompts }) => (
          <TuneForm start={start} models={models} tasks={tasks} prompts={prompts} onDone={onClose} />
        )}
      </ProjectLists>
    </Modal>
  )
}

type FormProps = {
  start: Props['start']
  models: readonly ModelEntry[]
  tasks: readonly TaskEntry[]
  prompts: readonly PromptSummary[]
  onDone: () => void
}

/** What is missing before anything can be tuned, or null. */
function whatIsMissing(models: readonly ModelEntry[], tasks: readonly TaskEntry[]): string | null {
  if (models.length === 0) return 'Add a model with an ONNX graph on the screen Models first.'
  if (tasks.length === 0) return 'Add a task with training examples on the screen Tasks first.'
  return null
}

function TuneForm({ start: filledIn, models, tasks, prompts, onDone }: FormProps) {
  const { call } = useWorkbench()
  const [choice, setChoice] = useState<TuningChoice>({ ...startingTuning, ...filledIn })
  const change = (part: Partial<TuningChoice>): void => setChoice({ ...choice, ...part })
  const runnable = models.filter(({ report, missing }) => report.graph.file !== null && !missing)
  const trainable = tasks.filter(({ summary, missing }) => summary.examples.train > 0 && !missing)
  const order = completeTuning(choice)
  const start = useMutation({
    mutationFn: async () => {
      if (order !== null) await call('tunings.order', order)
    },
    onSuccess: onDone
  })
  const missing = whatIsMissing(runnable, trainable)
  if (missing !== null) return <Text>{missing}</Text>
  const seeds = parseSeeds(choice.seeds)
  const made = choice.taskIds.length * (seeds?.length ?? 0)
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        start.mutate()
      }}
    >
      <Stack>
        <Select
          label="Model"
          placeholder="choose a model with a graph"
          searchable
          data={runnable.map(({ id, report }) => ({ value: id, label: report.name }))}
          value={choice.modelId}
          onChange={(modelId) => change({ modelId, promptId: null })}
          data-autofocus
        />
        <MultiSelect
          label="Tasks"
          description="One prompt is tuned per task and seed."
          searchable
          data={trainable.map(({ id, summary }) => ({
            value: id,
            label: `${summary.name} (${count(summary.examples.train)} to train on)`
          }))}
          value={[...choice.taskIds]}
          onChange={(taskIds) => change({ taskIds })}
        />
        <StartForm choice={choice} models={models} prompts={prompts} onChange={change} />
        <TextInput
          label="Seeds"
          description="Whole numbers, with commas between them."
          value={choice.seeds}
          error={seeds === null ? 'Write whole numbers, for example 0, 1, 2.' : undefined}
          onChange={({ currentTarget }) => change({ seeds: currentTarget.value })}
        />
        <Accordion variant="contained">
          <Accordion.Item value="settings">
            <Accordion.Control>Recipe (OptiPrompt’s unless changed)</Accordion.Control>
            <Accordion.Panel>
              <SettingsForm settings={choice.settings} onChange={(settings) => change({ settings })} />
            </Accordion.Panel>
          </Accordion.Item>
        </Accordion>
        <Failure of={start} />
        <Group justify="flex-end">
          <Button type="submit" disabled={order === null} loading={start.isPending}>
            {made > 1 ? `Tune ${count(made)} prompts` : 'Tune'}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

type StartProps = {
  choice: TuningChoice
  models: readonly ModelEntry[]
  prompts: readonly PromptSummary[]
  onChange: (part: Partial<TuningChoice>) => void
}

function StartForm({ choice, models, prompts, onChange }: StartProps) {
  const table = models.find(({ id }) => id === choice.modelId)?.report.fingerprint.table
  const own = prompts.filter(({ model }) => table !== undefined && model.tableFingerprint === table)
  return (
    <Stack gap={6}>
      <Text size="sm" fw={500} component="label" id="tuning-start">
        Start from
      </Text>
      <Group align="center">
        <SegmentedControl
          aria-labelledby="tuning-start"
          data={[
            { value: 'random', label: 'Random vectors' },
            { value: 'manual', label: 'The manual template' },
            { value: 'prompt', label: 'A prompt' }
          ]}
          value={choice.start}
          onChange={(start) => {
            if (start === 'random' || start === 'manual' || start === 'prompt') onChange({ start })
          }}
        />
        {choice.start === 'random' && (
          <NumberInput
            aria-label="Vectors"
            suffix=" vectors"
            allowDecimal={false}
            min={1}
            w={130}
            value={choice.vectors}
            onChange={(vectors) => {
              if (typeof vectors === 'number' && vectors >= 1) onChange({ vectors })
            }}
          />
        )}
        {choice.start === 'prompt' && (
          <Select
            aria-label="Prompt to start from"
            placeholder={own.length === 0 ? 'the model has none' : 'choose a prompt'}
            searchable
            flex={1}
            data={own.map((prompt) => ({ value: prompt.id, label: promptLabel(prompt) }))}
            value={choice.promptId}
            onChange={(promptId) => onChange({ promptId })}
          />
        )}
      </Group>
    </Stack>
  )
}
