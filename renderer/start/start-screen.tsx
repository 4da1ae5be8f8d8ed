/** Where work begins: a new project, one from disk, or one of the last. */
import { Anchor, Badge, Button, Container, Group, SimpleGrid, Stack, Text, Title } from '@mantine/core'
import { type Icon, IconFilePlus, IconFlask, IconFolderOpen } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { type ReactNode, useEffect } from 'react'
import { paperAddress } from '#preload/contract/safe-link.ts'
import type { WorkbenchState } from '#preload/contract/workbench-methods.ts'
import { Failure } from '#renderer/components/failure.tsx'
import { FileDrop } from '#renderer/components/file-drop.tsx'
import { SchemeChoice } from '#renderer/components/scheme-choice.tsx'
import { useWorkbench } from '#renderer/connection/workbench.tsx'

import './start-screen.css'

const extension = '.anchorage'

export function StartScreen({
  recent,
  sample,
  version
}: Pick<WorkbenchState, 'recent' | 'sample' | 'version'>) {
  const { call, host } = useWorkbench()
  const open = useMutation({ mutationFn: (path: string) => call('project.open', { path }) })
  const chooseAndOpen = async (): Promise<void> => {
    const path = await host.choose({ title: 'Open a project', kind: 'file', extension })
    if (path !== null) open.mutate(path)
  }
  const create = useMutation({
    mutationFn: async () => {
      const path = await host.chooseNew({ title: 'New project', extension, name: 'experiment' })
      if (path !== null) await call('project.create', { path })
    }
  })
  const openSample = useMutation({ mutationFn: (isNew: boolean) => call('sample.open', { isNew }) })
  // A project opens on its first screen, whatever the one before it showed.
  useEffect(() => history.replaceState(null, '', '#/'), [])
  return (
    <Container component="main" size="sm" py={64}>
      <Stack gap="xl">
        <Group justify="space-between">
          <div>
            <Title order={1}>Anchorage</Title>
            <Text className="quiet">
              Transfer continuous prompts between language models. Version {version}
            </Text>
            <Anchor
              component="button"
              type="button"
              size="sm"
              onClick={() => void host.openLink(paperAddress)}
            >
              The method’s paper
            </Anchor>
          </div>
          <SchemeChoice />
        </Group>
        <SimpleGrid cols={{ base: 1, xs: 3 }}>
          <StartCard
            title="Open sample"
            text="Four small models with prompts, tasks and runs: everything can be tried. A tour of two steps begins it."
            StartIcon={IconFlask}
            isBusy={openSample.isPending}
            onStart={() => openSample.mutate(false)}
          >
            {sample.copy === null ? (
              <Text size="xs" className="quiet breakable">
                Your copy goes to {sample.folder}
              </Text>
            ) : (
              <>
                <Text size="xs" className="quiet breakable">
                  Your copy: {sample.copy}
                </Text>
                <Button
                  className="start-more"
                  size="compact-xs"
                  variant="default"
                  disabled={openSample.isPending}
                  onClick={() => openSample.mutate(true)}
                >
                  New copy
                </Button>
              </>
            )}
          </StartCard>
          <StartCard
            title="New project"
            text="An empty project: one file, which models are added to by their folders."
            StartIcon={IconFilePlus}
            isBusy={create.isPending}
            onStart={() => create.mutate()}
          />
          <StartCard
            title="Open project"
            text="A file that ends in .anchorage, of this computer or another."
            StartIcon={IconFolderOpen}
            isBusy={open.isPending}
            onStart={() => void chooseAndOpen()}
          />
        </SimpleGrid>
        <Failure of={[open, create, openSample]} />
        <FileDrop
          hint="Open the project"
          onDrop={([path]) => (path === undefined ? void chooseAndOpen() : open.mutate(path))}
        />
        <Stack gap="xs">
          <Title order={2} size="h4">
            Recent projects
          </Title>
          {recent.length === 0 && (
            <Text className="quiet">
              Projects that you open are listed here. A project is one file that holds prompts, anchor sets
              and runs; models stay where they are.
            </Text>
          )}
          {recent.map((project) => (
            <RecentCard key={project.path} project={project} onOpen={() => open.mutate(project.path)} />
          ))}
        </Stack>
      </Stack>
    </Container>
  )
}

type CardProps = {
  title: string
  text: string
  StartIcon: Icon
  isBusy: boolean
  onStart: () => void
  children?: ReactNode
}

function StartCard({ title, text, StartIcon, isBusy, onStart, children }: CardProps) {
  return (
    <div className="start-card">
      <StartIcon size={24} stroke={1.5} aria-hidden />
      {/* It reaches over the whole card. */}
      <button type="button" className="start-whole" aria-busy={isBusy} onClick={onStart}>
        {title}
      </button>
      <Text size="sm" className="quiet">
        {text}
      </Text>
      {children}
    </div>
  )
}

type RecentProps = { project: WorkbenchState['recent'][number]; onOpen: () => void }

function RecentCard({ project, onOpen }: RecentProps) {
  const { call } = useWorkbench()
  const forget = useMutation({ mutationFn: () => call('recent.forget', { path: project.path }) })
  return (
    <div className="start-card">
      <Group justify="space-between" wrap="nowrap">
        <Stack gap={0} miw={0}>
          <Group gap="xs" wrap="nowrap">
            {project.missing ? (
              <Text fw={600} truncate>
                {project.name}
              </Text>
            ) : (
              <button
                type="button"
                className="start-whole"
                onClick={onOpen}
                aria-label={`Open ${project.name}`}
              >
                {project.name}
              </button>
            )}
            {project.missing && (
              <Badge color="red" variant="light">
                missing
              </Badge>
            )}
          </Group>
          <Text size="sm" className="quiet breakable">
            {project.path}
          </Text>
        </Stack>
        <Button
          className="start-more"
          flex="none"
          size="compact-sm"
          variant="subtle"
          onClick={() => forget.mutate()}
          aria-label={`Remove from list: ${project.name}`}
        >
          Remove from list
        </Button>
      </Group>
    </div>
  )
}
