/** The window: the start screen, or the open project with its screens. */
import { AppShell, Button, Group, NavLink, Text } from '@mantine/core'
import { useDisclosure, useHash, useHotkeys } from '@mantine/hooks'
import { spotlight } from '@mantine/spotlight'
import { useMutation, useQuery } from '@tanstack/react-query'
import { type ErrorData, errorFromData } from '#engine/common/contract/errors.ts'
import { ErrorReport } from '#renderer/components/error-report.tsx'
import { SchemeChoice } from '#renderer/components/scheme-choice.tsx'
import { Answer } from '#renderer/components/screen.tsx'
import { useWorkbench } from '#renderer/connection/workbench.tsx'
import { QueueButton, QueueDrawer } from '#renderer/queue/queue-drawer.tsx'
import { StartScreen } from '#renderer/start/start-screen.tsx'
import { CommandPalette } from './command-palette.tsx'
import { DeviceBadge } from './device-badge.tsx'
import { useHostCommands } from './host-commands.ts'
import { firstScreen, screens } from './screens.ts'
import { queueKeys, ShortcutSheet, screenKeys, sheetKeys } from './shortcuts.tsx'

export function App() {
  const { call } = useWorkbench()
  useHostCommands()
  const state = useQuery({ queryKey: ['state'], queryFn: () => call('workbench.state', {}) })
  return (
    <Answer query={state}>
      {({ project, recent, version }) =>
        project === null ? (
          <StartScreen recent={recent} version={version} />
        ) : (
          <ProjectWindow key={project.path} {...project} />
        )
      }
    </Answer>
  )
}

function ProjectWindow({ name, path, damage }: { name: string; path: string; damage: ErrorData | null }) {
  const { call } = useWorkbench()
  const [hash] = useHash({ getInitialValueInEffect: false })
  const [queueOpened, queue] = useDisclosure(false)
  const [sheetOpened, sheet] = useDisclosure(false)
  const close = useMutation({ mutationFn: () => call('project.close', {}) })
  useHotkeys([
    [queueKeys, queue.toggle],
    [sheetKeys, sheet.open],
    ...screens.map(({ path }, index): [string, () => void] => [
      screenKeys(index),
      () => {
        location.hash = `#${path}`
      }
    ])
  ])
  const { Screen, path: shown } = screens.find((screen) => hash === `#${screen.path}`) ?? firstScreen
  return (
    <AppShell header={{ height: 52 }} navbar={{ width: 170, breakpoint: 0 }} padding="lg">
      <AppShell.Header px="md">
        <Group h="100%" justify="space-between" wrap="nowrap">
          <Group gap="sm" wrap="nowrap" miw={0}>
            <Text fw={700}>Anchorage</Text>
            <Text truncate title={path} className="quiet">
              {name}
            </Text>
          </Group>
          <Group wrap="nowrap" gap="sm">
            <DeviceBadge />
            <QueueButton onOpen={queue.open} />
            <Button size="compact-sm" variant="default" onClick={spotlight.open}>
              Commands
            </Button>
            <SchemeChoice />
            <Button
              size="compact-sm"
              variant="default"
              loading={close.isPending}
              onClick={() => close.mutate()}
            >
              Close project
            </Button>
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="xs" aria-label="Screens">
        {screens.map((screen) => (
          <NavLink
            key={screen.path}
            href={`#${screen.path}`}
            label={screen.title}
            active={screen.path === shown}
            aria-current={screen.path === shown ? 'page' : undefined}
          />
        ))}
      </AppShell.Navbar>
      <AppShell.Main>
        {damage !== null && <ErrorReport error={errorFromData(damage)} />}
        <Screen />
      </AppShell.Main>
      <QueueDrawer opened={queueOpened} onClose={queue.close} />
      <ShortcutSheet opened={sheetOpened} onClose={sheet.close} />
      <CommandPalette onQueue={queue.open} onShortcuts={sheet.open} onClose={() => close.mutate()} />
    </AppShell>
  )
}
