/** Keeps the set that is shown under a name. */
import { Button, Group, Stack, Text, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { Failure } from '#renderer/components/failure.tsx'
import { useWorkbench } from '#renderer/connection/workbench.tsx'
import type { orderOf } from './recipe.ts'

type Props = { order: ReturnType<typeof orderOf>; disabled: boolean }

export function SaveSet({ order, disabled }: Props) {
  const { call } = useWorkbench()
  const [name, setName] = useState('')
  const save = useMutation({ mutationFn: () => call('anchors.save', { name: name.trim(), ...order }) })
  return (
    <Stack gap="xs">
      <form
        onSubmit={(event) => {
          event.preventDefault()
          save.mutate()
        }}
      >
        <Group align="end">
          <TextInput
            label="Name of the set"
            value={name}
            onChange={(event) => {
              setName(event.currentTarget.value)
              save.reset()
            }}
          />
          <Button type="submit" disabled={disabled || name.trim() === ''} loading={save.isPending}>
            Save anchor set
          </Button>
          {save.isSuccess && <Text role="status">Kept.</Text>}
        </Group>
      </form>
      <Failure of={save} about={{ name, order }} />
    </Stack>
  )
}
