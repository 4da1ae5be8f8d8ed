/** The models that lie on this computer already, each with its size and, read as it comes into sight, what it can do. */
import { Badge, Button, Card, Group, Loader, Modal, ScrollArea, Stack, Text, Title } from '@mantine/core'
import { useInViewport } from '@mantine/hooks'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { errorInLine } from '#engine/common/contract/errors.ts'
import type { FoundModel, FoundPlace } from '#preload/contract/model-methods.ts'
import { ErrorReport } from '#renderer/components/error-report.tsx'
import { bytes } from '#renderer/components/numbers.ts'
import { Answer } from '#renderer/components/screen.tsx'
import { useModels } from '#renderer/connection/queries.ts'
import { useWorkbench } from '#renderer/connection/workbench.tsx'
import { abilitiesOf } from './abilities.ts'
import { AbilityBadge } from './ability-badge.tsx'

type Props = { opened: boolean; onClose: () => void }

export function FoundModelsDialog({ opened, onClose }: Props) {
  // While the host's own dialog is open, the keyboard is that one's.
  const [isChoosing, setChoosing] = useState(false)
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title="Found on this computer"
      size="xl"
      closeOnEscape={!isChoosing}
      trapFocus={!isChoosing}
    >
      <FoundModels onChoosing={setChoosing} />
    </Modal>
  )
}

function FoundModels({ onChoosing }: { onChoosing: (isChoosing: boolean) => void }) {
  const { call, host } = useWorkbench()
  const [folder, setFolder] = useState<string | null>(null)
  const places = useQuery({
    queryKey: ['found models', folder],
    gcTime: 0,
    queryFn: ({ signal }) => call('models.find', { folder }, { signal })
  })
  const choose = async (): Promise<void> => {
    onChoosing(true)
    const chosen = await host.choose({ title: 'A folder with models in it', kind: 'folder' })
    onChoosing(false)
    if (chosen !== null) setFolder(chosen)
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
            <Button variant="subtle" onClick={() => setFolder(null)}>
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
  const added = new Set(useModels().data?.map(({ reference }) => reference.folder))
  const shown = places.filter(({ models, isWhole }) => models.length > 0 || !isWhole)
  if (shown.length === 0)
    return (
      <Text size="sm" role="status" className="breakable">
        No models are in {places.map((place) => place.folder).join(', ')}.
      </Text>
    )
  return (
    <ScrollArea.Autosize mah="60vh" type="auto" viewportProps={{ tabIndex: 0, 'aria-label': 'Found models' }}>
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
      {add.error !== null && <ErrorReport error={add.error} />}
    </Card>
  )
}
