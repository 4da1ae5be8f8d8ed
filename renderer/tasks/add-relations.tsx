/** Adds the relation folders at or below a folder, as LAMA and OptiPrompt lay them out. */
import { Button, Group, Stack, Text } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { Failure } from '#renderer/components/failure.tsx'
import { useWorkbench } from '#renderer/connection/workbench.tsx'
import { PathInput } from './path-input.tsx'

type Props = { dropped: string | null; onDone: () => void; onChoosing: (choosing: boolean) => void }

export function AddRelations({ dropped, onDone, onChoosing }: Props) {
  const { call } = useWorkbench()
  const [folder, setFolder] = useState(dropped)
  const [commonVocabulary, setCommonVocabulary] = useState<string | null>(null)
  const add = useMutation({
    mutationFn: async () => {
      if (folder !== null) await call('tasks.addRelations', { folder, commonVocabulary })
    },
    onSuccess: onDone
  })
  return (
    <Stack>
      <Text size="sm">
        Every folder below the one you choose that holds train.jsonl, dev.jsonl or test.jsonl with subjects
        and objects becomes a task. LAMA_relations.jsonl beside or above them gives the templates.
      </Text>
      <PathInput
        label="Folder of relations"
        choice={{ title: 'Folder of relations', kind: 'folder' }}
        value={folder}
        onChange={setFolder}
        onChoosing={onChoosing}
      />
      <PathInput
        label="Common vocabulary"
        description="One word per line: predictions are ranked within it. Without one they are ranked within everything."
        choice={{ title: 'Common vocabulary: one word per line', kind: 'file' }}
        value={commonVocabulary}
        onChange={setCommonVocabulary}
        onChoosing={onChoosing}
      />
      <Failure of={add} about={[folder, commonVocabulary]} />
      <Group justify="flex-end">
        <Button disabled={folder === null} loading={add.isPending} onClick={() => add.mutate()}>
          Add the relations
        </Button>
      </Group>
    </Stack>
  )
}
