/** The models of the project: added by folder, each with what it is and what it can do. */
import { Button, Group, Notification, SimpleGrid, Stack } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import type { ModelEntry } from '../../preload/contract/model-methods.ts'
import { ErrorReport } from '../components/error-report.tsx'
import { Answer, EmptyState, Screen } from '../components/screen.tsx'
import { useModels } from '../connection/queries.ts'
import { useWorkbench } from '../connection/workbench.tsx'
import { ModelCard } from './model-card.tsx'

export function ModelsScreen() {
  const { call, host } = useWorkbench()
  const models = useModels()
  const [removed, setRemoved] = useState<ModelEntry | null>(null)
  const add = useMutation({
    mutationFn: async () => {
      const folder = await host.choose({ title: 'Add a model: choose its folder', kind: 'folder' })
      if (folder !== null) await call('models.add', { folder })
    }
  })
  const remove = useMutation({
    mutationFn: ({ id }: ModelEntry) => call('models.remove', { id }),
    onSuccess: (_, model) => setRemoved(model)
  })
  const restore = useMutation({
    mutationFn: ({ id }: ModelEntry) => call('models.restore', { id }),
    onSuccess: () => setRemoved(null)
  })
  const addButton = (
    <Button onClick={() => add.mutate()} loading={add.isPending}>
      Add a model
    </Button>
  )
  const failed = add.error ?? remove.error ?? restore.error
  return (
    <Screen
      title="Models"
      lead="Folders as Hugging Face and transformers.js lay them out. They are read where they lie, never copied."
      actions={addButton}
    >
      {failed !== null && <ErrorReport error={failed} />}
      <Answer query={models}>
        {(list) =>
          list.length === 0 ? (
            <EmptyState
              title="No models yet"
              text="Add the models that your prompts were tuned on and those that you want to carry them to: choose the folder that holds config.json, tokenizer and weights."
            />
          ) : (
            <SimpleGrid cols={{ base: 1, md: 2, xl: 3 }}>
              {list.map((model) => (
                <ModelCard key={model.id} model={model} onRemove={() => remove.mutate(model)} />
              ))}
            </SimpleGrid>
          )
        }
      </Answer>
      {removed !== null && (
        <Stack pos="fixed" bottom={24} right={24} w={360}>
          <Notification
            title={`${removed.report.name} was removed`}
            onClose={() => setRemoved(null)}
            closeButtonProps={{ 'aria-label': 'Dismiss' }}
            role="status"
          >
            <Group justify="space-between">
              Its folder was not touched.
              <Button size="compact-sm" variant="default" onClick={() => restore.mutate(removed)}>
                Undo
              </Button>
            </Group>
          </Notification>
        </Stack>
      )}
    </Screen>
  )
}
