/** Asking a model tasks: with prompts of its own, by the manual template, and with random vectors beside them. */
import {
  Button,
  Checkbox,
  Group,
  Modal,
  MultiSelect,
  NumberInput,
  Select,
  Stack,
  Switch,
  Text
} from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { defaults } from '#engine/common/contract/defaults.ts'
import { splitNames } from '#engine/common/contract/tasks.ts'
import { count } from '#engine/common/format/count.ts'
import type { ModelEntry } from '#preload/contract/model-methods.ts'
import type { PromptSummary } from '#preload/contract/prompt-methods.ts'
import type { TaskEntry } from '#preload/contract/task-methods.ts'
import { Failure } from '#renderer/components/failure.tsx'
import { ProjectLists } from '#renderer/components/project-lists.tsx'
import { useWorkbench } from '#renderer/connection/workbench.tsx'
import { promptLabel } from '#renderer/prompts/prompt-label.ts'
import { completeEvaluation, type EvaluationChoice, startingEvaluation } from './evaluation-order.ts'

type Props = { opened: boolean; onClose: () => void; onQueued: (questions: number) => void }

export function EvaluateDialog({ opened, onClose, onQueued }: Props) {
  return (
    <Modal opened={opened} onClose={onClose} title="Evaluate" size="lg">
      <ProjectLists>
        {({ models, tasks, prompts }) => (
          <EvaluateForm
            models={models}
            tasks={tasks}
            prompts={prompts}
            onQueued={(questions) => {
              onQueued(questions)
              onClose()
            }}
          />
        )}
      </ProjectLists>
    </Modal>
  )
}

type FormProps = {
  models: readonly ModelEntry[]
  tasks: readonly TaskEntry[]
  prompts: readonly PromptSummary[]
  onQueued: (questions: number) => void
}

function EvaluateForm({ models, tasks, prompts, onQueued }: FormProps) {
  const { call } = useWorkbench()
  const [choice, setChoice] = useState<EvaluationChoice>(startingEvaluation)
  const change = (part: Partial<EvaluationChoice>): void => setChoice({ ...choice, ...part })
  const runnable = models.filter(({ report, missing }) => report.graph.file !== null && !missing)
  const present = tasks.filter(({ missing }) => !missing)
  const table = models.find(({ id }) => id === choice.modelId)?.report.fingerprint.table
  const own = prompts.filter(({ model }) => table !== undefined && model.tableFingerprint === table)
  const order = completeEvaluation(choice, { tasks: present, prompts: own })
  const questions = order?.cells.reduce((sum, { conditions }) => sum + conditions.length, 0) ?? 0
  const ask = useMutation({
    mutationFn: async () => {
      if (order !== null) await call('evaluations.order', order)
    },
    onSuccess: () => onQueued(questions)
  })
  if (runnable.length === 0) return <Text>Add a model with an ONNX graph on the screen Models first.</Text>
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        ask.mutate()
      }}
    >
      <Stack>
        <Select
          label="Model"
          placeholder="choose a model with a graph"
          searchable
          data={runnable.map(({ id, report }) => ({ value: id, label: report.name }))}
          value={choice.modelId}
          onChange={(modelId) => change({ modelId, promptIds: [] })}
          data-autofocus
        />
        <ManySelect
          label="Tasks"
          options={present.map(({ id, summary }) => ({ value: id, label: summary.name }))}
          value={choice.taskIds}
          onChange={(taskIds) => change({ taskIds })}
        />
        <ManySelect
          label="Prompts"
          options={own.map((prompt) => ({ value: prompt.id, label: promptLabel(prompt) }))}
          value={choice.promptIds}
          onChange={(promptIds) => change({ promptIds })}
        />
        <Switch
          label="Match prompts to their own relation"
          checked={choice.ownTasksOnly}
          onChange={({ currentTarget }) => change({ ownTasksOnly: currentTarget.checked })}
        />
        <Checkbox
          label="Include manual baseline"
          checked={choice.manual}
          onChange={({ currentTarget }) => change({ manual: currentTarget.checked })}
        />
        <RandomForm random={choice.random} onChange={(random) => change({ random })} />
        <AskingForm choice={choice} onChange={change} />
        <Failure of={ask} about={choice} />
        <Group justify="flex-end">
          <Button type="submit" disabled={order === null} loading={ask.isPending}>
            {questions > 1 ? `Evaluate ${count(questions)}` : 'Evaluate'}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

type ManyProps = {
  label: string
  options: readonly { value: string; label: string }[]
  value: readonly string[]
  onChange: (value: string[]) => void
}

function ManySelect({ label, options, value, onChange }: ManyProps) {
  const all = options.map((option) => option.value)
  const hasAll = all.length > 0 && value.length === all.length
  return (
    <Group align="end" wrap="nowrap">
      <MultiSelect
        label={label}
        placeholder={options.length === 0 ? 'none' : undefined}
        searchable
        flex={1}
        maxDropdownHeight={240}
        data={[...options]}
        value={[...value]}
        onChange={onChange}
        styles={{ input: { maxHeight: 120, overflowY: 'auto' } }}
      />
      <Button
        variant="default"
        flex="none"
        disabled={all.length === 0}
        aria-label={`${hasAll ? 'None' : 'All'} of the ${label.toLowerCase()}`}
        onClick={() => onChange(hasAll ? [] : all)}
      >
        {hasAll ? 'None' : 'All'}
      </Button>
    </Group>
  )
}

type RandomProps = {
  random: EvaluationChoice['random']
  onChange: (random: EvaluationChoice['random']) => void
}

const startingRandom = { vectors: defaults.length, seed: defaults.seed }

function RandomForm({ random, onChange }: RandomProps) {
  return (
    <Group>
      <Checkbox
        label="Include random baseline"
        checked={random !== null}
        onChange={({ currentTarget }) => onChange(currentTarget.checked ? startingRandom : null)}
      />
      {random !== null && (
        <>
          <NumberInput
            aria-label="Random vectors"
            suffix=" vectors"
            min={1}
            allowDecimal={false}
            w={120}
            value={random.vectors}
            onChange={(vectors) => {
              if (typeof vectors === 'number' && vectors >= 1) onChange({ ...random, vectors })
            }}
          />
          <NumberInput
            aria-label="Seed"
            prefix="seed "
            allowDecimal={false}
            w={110}
            value={random.seed}
            onChange={(seed) => {
              if (typeof seed === 'number') onChange({ ...random, seed })
            }}
          />
        </>
      )}
    </Group>
  )
}

type AskingProps = { choice: EvaluationChoice; onChange: (part: Partial<EvaluationChoice>) => void }

function AskingForm({ choice, onChange }: AskingProps) {
  return (
    <Group grow align="end">
      <Select
        label="Split"
        allowDeselect={false}
        data={[...splitNames]}
        value={choice.split}
        onChange={(value) => {
          const split = splitNames.find((name) => name === value)
          if (split !== undefined) onChange({ split })
        }}
      />
      <Select
        label="Candidate vocabulary"
        allowDeselect={false}
        data={[
          { value: 'candidates', label: 'the candidates' },
          { value: 'vocabulary', label: 'every token' }
        ]}
        value={choice.rankWithin}
        onChange={(rankWithin) => {
          if (rankWithin === 'candidates' || rankWithin === 'vocabulary') onChange({ rankWithin })
        }}
      />
      <NumberInput
        label="Max. examples"
        placeholder="all"
        min={1}
        allowDecimal={false}
        value={choice.limit ?? ''}
        onChange={(limit) => onChange({ limit: typeof limit === 'number' && limit >= 1 ? limit : null })}
      />
    </Group>
  )
}
