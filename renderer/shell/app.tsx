/** The window: the start screen, or the open project with its screens. */
import { AppShell, Button, Group, NavLink, Text } from '@mantine/core'
import { useHash } from '@mantine/hooks'
import { useMutation, useQuery } from '@tanstack/react-query'
import { SchemeChoice } from '../components/scheme-choice.tsx'
import { Answer } from '../components/screen.tsx'
import { useWorkbench } from '../connection/workbench.tsx'
import { StartScreen } from '../start/start-screen.tsx'
import { firstScreen, screens } from './screens.ts'

export function App() {
  const { call } = useWorkbench()
  const state = useQuery({ queryKey: ['state'], queryFn: () => call('workbench.state', {}) })
  return (
    <Answer query={state}>
      {({ project, recent, version }) =>
        project === null ? (
          <StartScreen recent={recent} version={version} />
        ) : (
          <ProjectWindow key={project.path} name={project.name} path={project.path} />
        )
      }
    </Answer>
  )
}

function ProjectWindow({ name, path }: { name: string; path: string }) {
  const { call } = useWorkbench()
  const [hash] = useHash({ getInitialValueInEffect: false })
  const close = useMutation({ mutationFn: () => call('project.close', {}) })
  const { Screen, path: shown } = screens.find((screen) => hash === `#${screen.path}`) ?? firstScreen
  return (
    <AppShell header={{ height: 52 }} navbar={{ width: 180, breakpoint: 0 }} padding="lg">
      <AppShell.Header px="md">
        <Group h="100%" justify="space-between" wrap="nowrap">
          <Group gap="sm" wrap="nowrap" miw={0}>
            <Text fw={700}>Anchorage</Text>
            <Text truncate title={path} className="quiet">
              {name}
            </Text>
          </Group>
          <Group wrap="nowrap">
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
        <Screen />
      </AppShell.Main>
    </AppShell>
  )
}
