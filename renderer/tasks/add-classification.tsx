/** Adds a classification task: labelled texts in TSV, CSV or JSONL files, and the words that stand for the labels. */
import { Button, Group, Stack, Textarea, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { splitNames } from '#engine/common/contract/tasks.ts'
import { Failure } from '#renderer/components/failure.tsx'
import { useWorkbench } from '#renderer/connection/workbench.tsx'
import { parseLabelWords } from './label-words.ts'
import { PathInput } from './path-input.tsx'

type Props = { onDone: () => void; onChoosing: (choosing: boolean) => void }

type Form = { name: string; textColumn: string; labelColumn: string; labelWords: string; template: string }

const startingForm: Form = {
  name: '',
  textColumn: 'text',
  labelColumn: 'label',
  labelWords: '',
  template: ''
}

const splitLabels = { train: 'Training file', dev: 'Validation file', test: 'Test file' } as const

export function AddClassification({ onDone, onChoosing }: Props) {
  const { call } = useWorkbench()
  const [form, setForm] = useState(startingForm)
  const [files, setFiles] = useState<{ train?: string; dev?: string; test?: string }>({})
  const change = (part: Partial<Form>): void => setForm({ ...form, ...part })
  const labelWords = parseLabelWords(form.labelWords)
  const isComplete = form.name.trim() !== '' && labelWords !== null && Object.keys(files).length > 0
  const add = useMutation({
    mutationFn: async () => {
      if (labelWords === null) return
      await call('tasks.add', {
        kind: 'classification',
        name: form.name.trim(),
        files,
        textColumn: form.textColumn,
        labelColumn: form.labelColumn,
        labelWords,
        template: form.template.trim() === '' ? null : form.template.trim()
      })
    },
    onSuccess: onDone
  })
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        add.mutate()
      }}
    >
      <Stack>
        <TextInput
          label="Name"
          value={form.name}
          onChange={({ currentTarget }) => change({ name: currentTarget.value })}
        />
        {splitNames.map((split) => (
          <PathInput
            key={split}
            label={splitLabels[split]}
            choice={{ title: `${splitLabels[split]}: TSV, CSV or JSONL`, kind: 'file' }}
            value={files[split] ?? null}
            onChange={(path) => {
              const { [split]: _, ...others } = files
              setFiles(path === null ? others : { ...others, [split]: path })
            }}
            onChoosing={onChoosing}
          />
        ))}
        <Group grow>
          <TextInput
            label="Column of the text"
            value={form.textColumn}
            onChange={({ currentTarget }) => change({ textColumn: currentTarget.value })}
          />
          <TextInput
            label="Column of the label"
            value={form.labelColumn}
            onChange={({ currentTarget }) => change({ labelColumn: currentTarget.value })}
          />
        </Group>
        <Textarea
          label="Label words"
          description="One line per label of the files: the label, =, and the word that stands for it."
          placeholder={'0 = terrible\n1 = great'}
          autosize
          minRows={2}
          value={form.labelWords}
          error={
            form.labelWords.trim() !== '' && labelWords === null
              ? 'Write each line as label = word.'
              : undefined
          }
          onChange={({ currentTarget }) => change({ labelWords: currentTarget.value })}
        />
        <TextInput
          label="Manual template"
          description="[X] is the text, [MASK] the place of the label word. Leave it empty where prompts alone are asked."
          placeholder="[X] It was [MASK] ."
          value={form.template}
          onChange={({ currentTarget }) => change({ template: currentTarget.value })}
        />
        <Failure of={add} about={[form, files]} />
        <Group justify="flex-end">
          <Button type="submit" disabled={!isComplete} loading={add.isPending}>
            Add the task
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
