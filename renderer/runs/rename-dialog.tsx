/** Gives a run another name. */
import { Button, Group, Modal, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import type { RunEntry } from '#preload/contract/run-methods.ts'
import { Failure } from '#renderer/components/failure.tsx'
import { useWorkbench } from '#renderer/connection/workbench.tsx'

type Props = { run: RunEntry; onClose: () => void }

export function RenameDialog({ run, onClose }: Props) {
  const { call } = useWorkbench()
  const [name, setName] = useState(run.name)
  const rename = useMutation({
    mutationFn: () => call('runs.rename', { id: run.id, name }),
    onSuccess: onClose
  })
  return (
    <Modal opened onClose={onClose} title="Rename the run">
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (name.trim() !== '') rename.mutate()
        }}
      >
        <Group align="flex-end">
          <TextInput
            flex={1}
            label="Name"
            data-autofocus
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Button type="submit" loading={rename.isPending} disabled={name.trim() === ''}>
            Rename
          </Button>
        </Group>
        <Failure of={rename} about={name} />
      </form>
    </Modal>
  )
}
