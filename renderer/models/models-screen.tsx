/** The models of the project: added by folder, found or dropped on the window, each with what it is and what it can do. */
import { Alert, Button, SegmentedControl, Text, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { count } from '#engine/common/format/count.ts'
import type { ModelEntry } from '#preload/contract/model-methods.ts'
import type { PromptSummary } from '#preload/contract/prompt-methods.ts'
import { Failure } from '#renderer/components/failure.tsx'
import { FileDrop } from '#renderer/components/file-drop.tsx'
import { RemovalNotice, useRemoval } from '#renderer/components/removal.tsx'
import { Answer, EmptyState, Screen, Toolbar } from '#renderer/components/screen.tsx'
import { goTo, useOpened } from '#renderer/connection/address.ts'
import { useModels, usePrompts } from '#renderer/connection/queries.ts'
import { useWorkbench } from '#renderer/connection/workbench.tsx'
import { modelOf } from '#renderer/mix/mix-choice.ts'
import { FoundModelsDialog } from './found-models.tsx'
import { ModelInspector } from './model-inspector.tsx'
import { ModelSimilarity } from './model-similarity.tsx'
import { ModelTable } from './model-table.tsx'

function showModel(id: string): void {
  goTo('/models', id)
}

/** How many of the prompts were tuned on, or transferred to, a model. */
function promptsOf(model: ModelEntry, prompts: readonly PromptSummary[]): number {
  return prompts.filter((prompt) => modelOf(prompt, [model]) !== undefined).length
}

export function ModelsScreen() {
  const { call, host } = useWorkbench()
  const models = useModels()
  const prompts = usePrompts()
  const [note, setNote] = useState<string | null>(null)
  /** Where models are looked for: null: where they usually lie. */
  const [search, setSearch] = useState<{ folder: string | null } | null>(null)
  const add = useMutation({
    mutationFn: async (folders: readonly string[]) => {
      const before = new Map((await call('models.list', {})).map(({ id, report }) => [id, report.name]))
      for (const folder of folders) {
        const id = await addOrSearch(folder)
        const known = before.get(id ?? '')
        if (known !== undefined) setNote(`${known} is in the project already: nothing was added.`)
      }
    }
  })
  /** A folder that is no model but holds some is shown with what it holds: null then. */
  const addOrSearch = async (folder: string): Promise<string | null> => {
    try {
      return (await call('models.add', { folder })).id
    } catch (cause) {
      const places = await call('models.find', { folder })
      if (places.every(({ models: found }) => found.length === 0)) throw cause
      setSearch({ folder })
      return null
    }
  }
  const removal = useRemoval(
    ({ id }: ModelEntry) => call('models.remove', { id }),
    (model) => {
      const own = promptsOf(model, prompts.data ?? [])
      const hanging =
        own === 0
          ? ''
          : ` ${count(own)} ${own === 1 ? 'prompt' : 'prompts'} of it stay, of no use until it is added again.`
      return {
        title: `${model.report.name} was removed`,
        text: `Its folder was not touched.${hanging}`
      }
    }
  )
  const chooseAndAdd = async (): Promise<void> => {
    setNote(null)
    const folder = await host.choose({ title: 'Add a model: choose its folder', kind: 'folder' })
    if (folder !== null) add.mutate([folder])
  }
  const dropped = (paths: string[]): void => {
    if (paths.length > 0) add.mutate(paths)
    else {
      void chooseAndAdd()
      setNote('A browser doesn’t tell where a dropped folder lies. Choose the folder instead.')
    }
  }
  const actions = (
    <>
      <Button variant="default" onClick={() => setSearch({ folder: null })}>
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
      <FoundModelsDialog search={search} onSearch={setSearch} />
      <FileDrop hint="Drop a model’s folder to add it" onDrop={dropped} />
      {note !== null && (
        <Alert
          color="yellow"
          variant="light"
          withCloseButton
          closeButtonLabel="Dismiss"
          onClose={() => setNote(null)}
        >
          {note}
        </Alert>
      )}
      <Failure of={add} />
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
      <RemovalNotice removal={removal} />
    </Screen>
  )
}

type ListProps = { models: readonly ModelEntry[]; onRemove: (model: ModelEntry) => void }

function matches({ report, reference }: ModelEntry, wanted: string): boolean {
  return `${report.name} ${report.family} ${report.width} ${reference.folder}`.toLowerCase().includes(wanted)
}

function ModelList({ models, onRemove }: ListProps) {
  const prompts = usePrompts()
  const [text, setText] = useState('')
  const [shownAs, setShownAs] = useState('table')
  const [opened, open] = useOpened()
  const rows = useMemo(
    () =>
      models
        .toSorted((a, b) => a.report.name.localeCompare(b.report.name, undefined, { numeric: true }))
        .map((model) => ({ ...model, prompts: promptsOf(model, prompts.data ?? []) })),
    [models, prompts.data]
  )
  const shown = rows.filter((model) => matches(model, text.trim().toLowerCase()))
  const inspected = models.find(({ id }) => id === opened)
  return (
    <>
      <Toolbar>
        <TextInput
          className="filter"
          maw={280}
          label="Filter"
          placeholder="name, family, width or folder"
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <Text size="sm" className="quiet" role="status">
          {shown.length === models.length ? models.length : `${shown.length} of ${models.length}`}{' '}
          {models.length === 1 ? 'model' : 'models'}
        </Text>
        <SegmentedControl
          aria-label="Shown as"
          data={[
            { value: 'table', label: 'Table' },
            { value: 'similarity', label: 'Similarity' }
          ]}
          value={shownAs}
          onChange={setShownAs}
        />
      </Toolbar>
      {shownAs === 'table' ? (
        <ModelTable models={shown} onShow={showModel} />
      ) : (
        <ModelSimilarity models={shown} />
      )}
      {inspected !== undefined && (
        <ModelInspector
          key={inspected.id}
          model={inspected}
          onClose={() => open(null)}
          onRemove={() => onRemove(inspected)}
        />
      )}
    </>
  )
}
