/** The models that lie on this computer already, each with its size and, read as it comes into sight, what it can do. */
import { Badge, Button, Card, Group, Loader, Modal, ScrollArea, Stack, Text, Title } from '@mantine/core'
import { useInViewport } from '@mantine/hooks'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { errorInLine } from '#engine/common/contract/errors.ts'
import { count } from '#engine/common/format/count.ts'
import type { FoundModel, FoundPlace } from '#preload/contract/model-methods.ts'
import { Failure } from '#renderer/components/failure.tsx'
import { bytes } from '#renderer/components/numbers.ts'
import { Answer } from '#renderer/components/screen.tsx'
import { useModels } from '#renderer/connection/queries.ts'
import { useWorkbench } from '#renderer/connection/workbench.tsx'
import { abilitiesOf } from './abilities.ts'
import { AbilityBadge } from './ability-badge.tsx'

type Search = {
  /** Null: where the libraries keep models. */
  readonly folder: string | null
}

type Props = {
  /** Null: nothing is looked for. */
  search: Search | null
  onSearch: (search: Search | null) => void
}

export function FoundModelsDialog({ search, onSearch }: Props) {
  // While the host's own dialog is open, the keyboard is that one's.
  const [isChoosing, setChoosing] = useState(false)
  return (
    <Modal
      opened={search !== null}
      onClose={() => onSearch(null)}
      title="Found on this computer"
      size="xl"
      closeOnEscape={!isChoosing}
      trapFocus={!isChoosing}
    >
      {search !== null && (
        <FoundModels
          folder={search.folder}
          onFolder={(folder) => onSearch({ folder })}
          onChoosing={setChoosing}
        />
      )}
    </Modal>
  )
}

type FoundProps = {
  folder: string | null
  onFolder: (folder: string | null) => void
  onChoosing: (isChoosing: boolean) => void
}

function FoundModels({ folder, onFolder, onChoosing }: FoundProps) {
  const { call, host } = useWorkbench()
  const places = useQuery({
    queryKey: ['found models', folder],
    gcTime: 0,
    queryFn: ({ signal }) => call('models.find', { folder }, { signal })
  })
  const choose = async (): Promise<void> => {
    onChoosing(true)
    const chosen = await host.choose({ title: 'A folder with models in it', kind: 'folder' })
    onChoosing(false)
    if (chosen !== null) onFolder(chosen)
  }
  return (
    <Stack>
      <Group justify="space-between" wrap="nowrap">
        <Text size="sm" className="quiet">
          Models that the Hugging Face libraries and LM Studio keep, or those below a folder. They are read
          where they lie, never copied.
        </Text>
        <Group gap="xs" wrap="nowrap" flex="none">
          {folder !== null && (
            <Button variant="subtle" onClick={() => onFolder(null)}>
              Back
            </Button>
          )}
          <Button variant="default" onClick={() => void choose()}>
            Look in a folder
          </Button>
        </Group>
      </Group>
      <Answer query={places}>{(found) => <Places places={found} />}</Answer>
    </Stack>
  )
}

function Places({ places }: { places: readonly FoundPlace[] }) {
  const { call } = useWorkbench()
  const added = new Set(useModels().data?.map(({ reference }) => reference.folder))
  const missing = places.flatMap(({ models }) => models.filter(({ path }) => !added.has(path)))
  const addAll = useMutation({
    mutationFn: async () => {
      const refused: string[] = []
      for (const { path, name } of missing)
        await call('models.add', { folder: path }).catch((cause: unknown) =>
          refused.push(`${name}: ${errorInLine(cause)}`)
        )
      return refused
    }
  })
  const shown = places.filter(({ models, isWhole }) => models.length > 0 || !isWhole)
  if (shown.length === 0)
    return (
      <Text size="sm" role="status" className="breakable">
        No models are in {places.map((place) => place.folder).join(', ')}.
      </Text>
    )
  return (
    <>
      {missing.length > 1 && (
        <Group justify="space-between" wrap="nowrap">
          <Text size="sm" role="status">
            {count(missing.length)} are not in the project.
          </Text>
          <Button loading={addAll.isPending} onClick={() => addAll.mutate()}>
            {`Add all ${count(missing.length)}`}
          </Button>
        </Group>
      )}
      {addAll.data !== undefined && addAll.data.length > 0 && (
        <Text size="sm" role="status" className="breakable">
          {`${count(addAll.data.length)} could not be added. ${addAll.data.join(' ')}`}
        </Text>
      )}
      <ScrollArea.Autosize
        mah="60vh"
        type="auto"
        viewportProps={{ tabIndex: 0, 'aria-label': 'Found models' }}
      >
        <Stack>
          {shown.map(({ folder, models, isWhole }) => (
            <Stack key={folder} gap="xs" component="section">
              <Title order={3} size="h6" className="breakable">
                {folder}
              </Title>
              {!isWhole && (
                <Text size="sm">
                  Not every folder was looked into: there are too many. Choose one below it.
                </Text>
              )}
              {models.map((model) => (
                <FoundModelRow key={model.path} model={model} isAdded={added.has(model.path)} />
              ))}
            </Stack>
          ))}
        </Stack>
      </ScrollArea.Autosize>
    </>
  )
}

function FoundModelRow({ model: { path, name, size }, isAdded }: { model: FoundModel; isAdded: boolean }) {
  const { call } = useWorkbench()
  const { ref, inViewport } = useInViewport<HTMLDivElement>()
  // Out of sight it is not listened to, which ends a reading that nobody waits for any more.
  const inspection = useQuery({
    queryKey: ['found model', path],
    enabled: inViewport,
    subscribed: inViewport,
    queryFn: ({ signal }) => call('models.inspect', { folder: path }, { signal })
  })
  const add = useMutation({ mutationFn: () => call('models.add', { folder: path }) })
  const abilities = inspection.data === undefined ? [] : abilitiesOf(inspection.data)
  const obstacles = inspection.isError
    ? [errorInLine(inspection.error)]
    : abilities.flatMap(({ state, why }) => (state === 'no' ? why : []))
  return (
    <Card withBorder padding="sm" component="article" aria-label={name} ref={ref}>
      <Group justify="space-between" wrap="nowrap" align="flex-start">
        <Stack gap={4}>
          <Group gap={6}>
            <Text fw={600} className="breakable">
              {name}
            </Text>
            <Text size="sm" className="quiet">
              {bytes(size)}
            </Text>
            {inspection.data !== undefined && (
              <Badge variant="default" tt="none">
                {inspection.data.report.family}
              </Badge>
            )}
            {abilities.map((ability) => (
              <AbilityBadge key={ability.name} ability={ability} />
            ))}
            {inspection.isPending && <Loader size="xs" role="status" aria-label={`Reading ${name}`} />}
          </Group>
          {obstacles.map((obstacle) => (
            <Text key={obstacle} size="sm" className="breakable">
              {obstacle}
            </Text>
          ))}
        </Stack>
        <Button
          size="compact-sm"
          flex="none"
          aria-label={isAdded ? `${name} is added` : `Add ${name}`}
          disabled={isAdded || inspection.isError}
          loading={add.isPending}
          onClick={() => add.mutate()}
        >
          {isAdded ? 'Added' : 'Add'}
        </Button>
      </Group>
      <Failure of={add} />
    </Card>
  )
}
