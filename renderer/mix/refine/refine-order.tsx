/** Refinement without labels: a dialog that says what it costs, and queues it for the mixture at hand. */
import { Button, Group, Modal, NumberInput, SegmentedControl, Select, Stack, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { defaults } from '#engine/common/contract/defaults.ts'
import { type RefineMethod, refineSchema } from '#engine/common/contract/methods.ts'
import { count } from '#engine/common/format/count.ts'
import { Failure } from '#renderer/components/failure.tsx'
import type { Lists } from '#renderer/connection/lists.ts'
import { useWorkbench } from '#renderer/connection/workbench.tsx'
import { type MixSides, withWeights } from '../mix-choice.ts'
import type { FoundSample, TaskSample } from '../task-sample.ts'

const starts: Record<RefineMethod['start'], string> = {
  transferred: 'Transferred prompt',
  manual: 'Manual template',
  random: 'Random vectors'
}
const teachers: Record<RefineMethod['teacher'], string> = {
  prompts: 'Their own prompts',
  manual: 'The manual template'
}
const targets: Record<RefineMethod['targets'], string> = {
  hard: 'Best word',
  soft: 'Distribution over the words'
}

type Choice = Pick<RefineMethod, 'start' | 'teacher' | 'targets' | 'epochs'> & {
  /** At most as many as the train split has. */
  readonly inputs: number
  readonly seed: number
}

/** `[value, label]` as Mantine takes them. */
function choices(names: Readonly<Record<string, string>>) {
  return Object.entries(names).map(([value, label]) => ({ value, label }))
}

type Props = {
  sides: MixSides
  weights: readonly number[]
  sample: FoundSample
  tasks: Lists['tasks']
  onOrdered: (jobId: string) => void
}

/** Why nothing can be refined; null where it can. */
function hindranceOf({ sample, hindrance }: FoundSample, inputs: number): string | null {
  if (sample === null) return hindrance ?? 'Choose a task, whose inputs the sources answer.'
  return inputs === 0 ? `${sample.name} has no train split, whose inputs the sources answer.` : null
}

export function RefineOrder({ tasks, ...props }: Props) {
  const [isOpen, { open, close }] = useDisclosure()
  const { sample } = props.sample
  const inputs = tasks.find(({ id }) => id === sample?.taskId)?.summary.examples.train ?? 0
  const hindrance = hindranceOf(props.sample, inputs)
  return (
    <>
      <Button variant="default" onClick={open}>
        Refine …
      </Button>
      <Modal opened={isOpen} onClose={close} title="Refine without labels" size="lg">
        {sample === null || hindrance !== null ? (
          <Text>{hindrance}</Text>
        ) : (
          <RefineForm
            {...props}
            task={sample}
            most={inputs}
            onOrdered={(jobId) => {
              props.onOrdered(jobId)
              close()
            }}
          />
        )}
      </Modal>
    </>
  )
}

type FormProps = Omit<Props, 'tasks' | 'sample'> & { task: TaskSample; most: number }

function RefineForm({ sides, weights, task, most, onOrdered }: FormProps) {
  const { call } = useWorkbench()
  const [choice, setChoice] = useState<Choice>(() => {
    const { start, teacher, targets: kind, epochs, inputs } = refineSchema.parse({ kind: 'refine' })
    const seed = defaults.seed
    return { start, teacher, targets: kind, epochs, inputs: Math.min(inputs ?? most, most), seed }
  })
  const change = (part: Partial<Choice>): void => setChoice({ ...choice, ...part })
  const order = useMutation({
    mutationFn: () => {
      const { seed, ...settings } = choice
      return call('mix.refine', { ...withWeights(sides, weights), taskId: task.taskId, settings, seed })
    },
    onSuccess: ({ jobId }) => onOrdered(jobId)
  })
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        order.mutate()
      }}
    >
      <Stack>
        <Text size="sm">
          The sources answer inputs of {task.name}’s train split, and a prompt of the target is tuned on these
          answers; of eight inputs or more a quarter is held out, and the step is kept that agrees best with
          the sources there. No label is read. The target is tuned, so this is not zero-shot, and the run says
          so.
        </Text>
        <Stack gap={6}>
          <Text size="sm" fw={500} component="label" id="refine-start">
            Start from
          </Text>
          <SegmentedControl
            aria-labelledby="refine-start"
            data={choices(starts)}
            value={choice.start}
            onChange={(start) => change({ start: refineSchema.shape.start.parse(start) })}
          />
        </Stack>
        <Group grow align="start">
          <Count
            label="Inputs without labels"
            description={`of ${count(most)} in the train split`}
            most={most}
            value={choice.inputs}
            onChange={(inputs) => change({ inputs })}
          />
          <Count
            label="Epochs"
            description="passes over them"
            value={choice.epochs}
            onChange={(epochs) => change({ epochs })}
          />
          <Count
            label="Seed"
            description="which inputs, and their order"
            least={0}
            value={choice.seed}
            onChange={(seed) => change({ seed })}
          />
        </Group>
        <Group grow>
          <Select
            label="The sources answer by"
            allowDeselect={false}
            data={choices(teachers)}
            value={choice.teacher}
            onChange={(teacher) =>
              change({ teacher: refineSchema.shape.teacher.parse(teacher ?? undefined) })
            }
          />
          <Select
            label="Tune on their"
            allowDeselect={false}
            data={choices(targets)}
            value={choice.targets}
            onChange={(kind) => change({ targets: refineSchema.shape.targets.parse(kind ?? undefined) })}
          />
        </Group>
        <Failure of={order} />
        <Group justify="flex-end">
          <Button type="submit" loading={order.isPending}>
            Refine
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

type CountProps = {
  label: string
  description: string
  least?: number
  most?: number
  value: number
  onChange: (value: number) => void
}

function Count({ label, description, least = 1, most, value, onChange }: CountProps) {
  return (
    <NumberInput
      label={label}
      description={description}
      min={least}
      {...(most === undefined ? {} : { max: most })}
      allowDecimal={false}
      value={value}
      onChange={(written) => typeof written === 'number' && written >= least && onChange(written)}
    />
  )
}
