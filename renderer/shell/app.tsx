/** The window: the start screen, or the open project in its frame of rail, screen, bottom panel and status bar. */
import { useDisclosure, useHotkeys } from '@mantine/hooks'
import { spotlight } from '@mantine/spotlight'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { flushSync } from 'react-dom'
import { type ErrorData, errorFromData } from '#engine/common/contract/errors.ts'
import { ErrorReport } from '#renderer/components/error-report.tsx'
import { useFrameView } from '#renderer/components/frame-view.ts'
import { Docked } from '#renderer/components/panels.tsx'
import { Answer, ScreenSkeleton } from '#renderer/components/screen.tsx'
import { StatusPlace } from '#renderer/components/status-line.tsx'
import { goTo, useAddress } from '#renderer/connection/address.ts'
import { useWorkbenchState } from '#renderer/connection/queries.ts'
import { LinkProvider } from '#renderer/connection/use-link.tsx'
import { useViews } from '#renderer/connection/view.ts'
import { useWorkbench } from '#renderer/connection/workbench.tsx'
import { QueuePanel } from '#renderer/queue/queue-panel.tsx'
import { StartScreen } from '#renderer/start/start-screen.tsx'
import { CommandPalette } from './command-palette.tsx'
import { useHostCommands } from './host-commands.ts'
import { LoadedScreen } from './loaded-screen.tsx'
import { usePartKeys } from './part-keys.ts'
import { Rail } from './rail.tsx'
import { screenAt, screens } from './screens.ts'
import { queueKeys, ShortcutSheet, screenKeys, sheetKeys } from './shortcuts.tsx'
import { StatusBar } from './status-bar.tsx'
import './frame.css'

export function App() {
  useHostCommands()
  return (
    <Answer query={useWorkbenchState()}>
      {({ project, ...start }) =>
        project === null ? <StartScreen {...start} /> : <ProjectWindow key={project.path} {...project} />
      }
    </Answer>
  )
}

type ProjectProps = { name: string; path: string; damage: ErrorData | null }

/** What was shown is read before anything is: a change made meanwhile would be lost to it. */
function ProjectWindow(project: ProjectProps) {
  const { call } = useWorkbench()
  const views = useViews()
  const [isClosing, setClosing] = useState(false)
  const close = useMutation({ mutationFn: () => call('project.close', {}), onError: () => setClosing(false) })
  if (isClosing) return <ScreenSkeleton />
  return (
    <Answer query={views}>
      {() => (
        <LinkProvider>
          <Frame
            {...project}
            onClose={() => {
              // What screens show is stored when they go, which must be before the project does.
              flushSync(() => setClosing(true))
              close.mutate()
            }}
          />
        </LinkProvider>
      )}
    </Answer>
  )
}

function Frame({ name, path, damage, onClose }: ProjectProps & { onClose: () => void }) {
  const address = useAddress()
  const [view, setView] = useFrameView()
  const [sheetOpened, sheet] = useDisclosure(false)
  const [scopePlace, setScopePlace] = useState<HTMLElement | null>(null)
  const toggleQueue = (): void => setView({ showsBottom: !view.showsBottom })
  usePartKeys()
  useHotkeys(
    [
      [queueKeys, toggleQueue],
      [sheetKeys, sheet.open],
      ...screens.map(({ path }, index): [string, () => void] => [screenKeys(index), () => goTo(path)])
    ],
    []
  )
  const entry = screenAt(address.path)
  const screen = (
    <StatusPlace value={scopePlace}>
      {damage !== null && <ErrorReport error={errorFromData(damage)} />}
      <LoadedScreen key={entry.path} entry={entry} />
    </StatusPlace>
  )
  return (
    <div className="window">
      <Rail
        shown={entry.path}
        file={path}
        onCommands={spotlight.open}
        onShortcuts={sheet.open}
        onClose={onClose}
      />
      <div className="work">
        <Docked
          orientation="vertical"
          side="behind"
          label="the queue"
          size={view.bottomHeight}
          least={96}
          leastMain={160}
          onSize={(bottomHeight) => setView({ bottomHeight })}
          main={screen}
          docked={view.showsBottom ? <QueuePanel onClose={toggleQueue} /> : null}
        />
      </div>
      <StatusBar
        name={name}
        path={path}
        scope={setScopePlace}
        isQueueShown={view.showsBottom}
        onQueue={toggleQueue}
      />
      <ShortcutSheet opened={sheetOpened} onClose={sheet.close} />
      <CommandPalette onQueue={toggleQueue} onShortcuts={sheet.open} onClose={onClose} />
    </div>
  )
}
