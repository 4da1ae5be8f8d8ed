/** The models of the project: added by folder, found or dropped on the window, each with what it is and what it can do. */
import { Alert, Button, Group, SegmentedControl, SimpleGrid, Text, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import type { ModelEntry } from '#preload/contract/model-methods.ts'
import { ErrorReport } from '#renderer/components/error-report.tsx'
import { FileDrop } from '#renderer/components/file-drop.tsx'
import { RemovalNotice, useRemoval } from '#renderer/components/removal.tsx'
import { Answer, EmptyState, Screen } from '#renderer/components/screen.tsx'
import { useModels } from '#renderer/connection/queries.ts'
import { useWorkbench } from '#renderer/connection/workbench.tsx'
import { FoundModelsDialog } from './found-models.tsx'
import { ModelCard } from './model-card.tsx'

/** More models than these start as compact cards. */
const mostFullCards = 6

export function ModelsScreen() {
  const { call, host } = useWorkbench()
  const models = useModels()
  const [wasDroppedBlindly, setDroppedBlindly] = useState(false)
  const [isSearching, setSearching] = useState(false)
  const add = useMutation({
    mutationFn: async (folders: readonly string[]) => {
      for (const folder of folders) await call('models.add', { folder })
    }
  })
  const removal = useRemoval(
    ({ id }: ModelEntry) => call('models.remove', { id }),
    ({ report }) => `${report.name} was removed`
  )
  const chooseAndAdd = async (): Promise<void> => {
    setDroppedBlindly(false)
    const folder = await host.choose({ title: 'Add a model: choose its folder', kind: 'folder' })
    if (folder !== null) add.mutate([folder])
  }
  const dropped = (paths: string[]): void => {
    if (paths.length > 0) add.mutate(paths)
    else {
      void chooseAndAdd()
      setDroppedBlindly(true)
    }
  }
  const actions = (
    <>
      <Button variant="default" onClick={() => setSearching(true)}>
        Found on this computer
      </Button>
      <Button onClick={() => void chooseAndAdd()} loading={add.isPending}>
        Add a model
      </Button>
    </>
  )
  return (
    <Screen
      title="Models"
      lead="Folders and GGUF files, read where they lie, never copied."
      actions={actions}
    >
      <FoundModelsDialog opened={isSearching} onClose={() => setSearching(false)} />
      <FileDrop hint="Drop a model’s folder to add it" onDrop={dropped} />
      {wasDroppedBlindly && (
        <Alert
          color="yellow"
          variant="light"
          withCloseButton
          closeButtonLabel="Dismiss"
          onClose={() => setDroppedBlindly(false)}
        >
          A browser doesn’t tell where a dropped folder lies. Choose the folder instead.
        </Alert>
      )}
      {add.error !== null && <ErrorReport error={add.error} />}
      <Answer query={models}>
        {(list) =>
          list.length === 0 ? (
            <EmptyState
              title="No models yet"
              text="Add the models that your prompts were tuned on and those that you want to transfer them to: choose or drop the folder that holds config.json, tokenizer and weights, or take one that is found on this computer."
            />
          ) : (
            <ModelList models={list} onRemove={removal.remove} />
          )
        }
      </Answer>
      <RemovalNotice removal={removal} text="Its folder was not touched." />
    </Screen>
  )
}

type ListProps = { models: readonly ModelEntry[]; onRemove: (model: ModelEntry) => void }

function matches({ report, reference }: ModelEntry, wanted: string): boolean {
  return `${report.name} ${report.family} ${report.width} ${reference.folder}`.toLowerCase().includes(wanted)
}

function ModelList({ models, onRemove }: ListProps) {
  const [text, setText] = useState('')
  const [chosenView, setView] = useState<'full' | 'compact' | null>(null)
  const view = chosenView ?? (models.length > mostFullCards ? 'compact' : 'full')
  const shown = models
    .filter((model) => matches(model, text.trim().toLowerCase()))
    .sort((a, b) => a.report.name.localeCompare(b.report.name, undefined, { numeric: true }))
  return (
    <>
      <Group align="end" justify="space-between">
        <Group align="end">
          <TextInput
            label="Filter"
            placeholder="name, family, width or folder"
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            w={280}
          />
          <Text className="quiet" role="status" pb={6}>
            {shown.length === models.length ? models.length : `${shown.length} of ${models.length}`}{' '}
            {models.length === 1 ? 'model' : 'models'}
          </Text>
        </Group>
        <SegmentedControl
          aria-label="Cards"
          data={[
            { value: 'full', label: 'Full cards' },
            { value: 'compact', label: 'Compact' }
          ]}
          value={view}
          onChange={(value) => setView(value === 'compact' ? 'compact' : 'full')}
        />
      </Group>
      <SimpleGrid
        cols={view === 'compact' ? { base: 1, sm: 2, lg: 3, xl: 4 } : { base: 1, md: 2, xl: 3 }}
        spacing="sm"
        verticalSpacing="sm"
      >
        {shown.map((model) => (
          <ModelCard
            key={model.id}
            model={model}
            isCompact={view === 'compact'}
            onRemove={() => onRemove(model)}
          />
        ))}
      </SimpleGrid>
    </>
  )
}
