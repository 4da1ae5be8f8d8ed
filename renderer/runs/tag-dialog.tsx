/** Puts tags on runs, and takes them off. */
import { Button, Group, Modal, Pill, Stack, Text, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import type { RunEntry } from '#preload/contract/run-methods.ts'
import { Failure } from '#renderer/components/failure.tsx'
import { useWorkbench } from '#renderer/connection/workbench.tsx'

type Props = { runs: readonly RunEntry[]; opened: boolean; onClose: () => void }

export function TagDialog({ runs, opened, onClose }: Props) {
  const { call } = useWorkbench()
  const [text, setText] = useState('')
  const tag = useMutation({
    mutationFn: (change: { tag: string; on: boolean }) =>
      call('runs.tag', { ids: runs.map(({ id }) => id), ...change }),
    onSuccess: () => setText('')
  })
  const present = [...new Set(runs.flatMap(({ tags }) => tags))].sort()
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={runs.length === 1 ? 'Tags of the run' : `Tags of ${runs.length} runs`}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (text.trim() !== '') tag.mutate({ tag: text.trim(), on: true })
        }}
      >
        <Stack gap="sm">
          {present.length === 0 ? (
            <Text size="sm" className="quiet">
              None yet.
            </Text>
          ) : (
            <Group gap="xs">
              {present.map((name) => (
                <Pill
                  key={name}
                  withRemoveButton
                  removeButtonProps={{ 'aria-label': `Take ${name} off`, 'aria-hidden': false, tabIndex: 0 }}
                  onRemove={() => tag.mutate({ tag: name, on: false })}
                >
                  {name}
                </Pill>
              ))}
            </Group>
          )}
          <Group align="flex-end">
            <TextInput
              flex={1}
              label="New tag"
              data-autofocus
              value={text}
              onChange={(event) => setText(event.currentTarget.value)}
            />
            <Button type="submit" loading={tag.isPending} disabled={text.trim() === ''}>
              Add
            </Button>
          </Group>
          <Failure of={tag} about={text} />
        </Stack>
      </form>
    </Modal>
  )
}
