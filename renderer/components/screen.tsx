/**
 * The frame of a screen: one line with its title, what is chosen of it and what can be done; below it the content, and
 * docked beside that the inspector. A part of the content puts things there by `Toolbar` and `Inspector`, from wherever
 * it stands.
 */
import { Box, Button, CloseButton, Loader, Skeleton, Stack, Text, Title } from '@mantine/core'
import { useHotkeys, useMediaQuery } from '@mantine/hooks'
import type { UseQueryResult } from '@tanstack/react-query'
import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useState
} from 'react'
import { createPortal } from 'react-dom'
import { ErrorReport } from './error-report.tsx'
import { useFrameView } from './frame-view.ts'
import { Docked } from './panels.tsx'
import './screen.css'

/** Below this width there is no room beside the content: the inspector lies over it. */
export const narrow = '(max-width: 819px)'
export const inspectorKeys = 'mod+I'

type Places = {
  readonly toolbar: HTMLElement | null
  readonly inspector: HTMLElement | null
  /** Says that there is something to inspect, and how that is closed; gives back the end of it. */
  readonly inspect: (close: (() => void) | null) => () => void
  readonly hide: () => void
}

const PlacesContext = createContext<Places>({
  toolbar: null,
  inspector: null,
  inspect: () => () => {},
  hide: () => {}
})

type ScreenProps = { title: string; lead: string; actions?: ReactNode; children: ReactNode }

export function Screen({ title, lead, actions, children }: ScreenProps) {
  const [view, setView] = useFrameView()
  const isNarrow = useMediaQuery(narrow, undefined, { getInitialValueInEffect: false })
  const [toolbar, setToolbar] = useState<HTMLElement | null>(null)
  const [inspector, setInspector] = useState<HTMLElement | null>(null)
  /** What is inspected: null: nothing; what can't be closed can be hidden. */
  const [inspected, setInspected] = useState<{ close: (() => void) | null } | null>(null)
  const [isOver, setOver] = useState(false)
  const inspect = useCallback((close: (() => void) | null) => {
    const item = { close }
    setInspected(item)
    return () => setInspected((now) => (now === item ? null : now))
  }, [])
  const showsHidable = isNarrow ? isOver : view.showsInspector
  const toggle = (): void => {
    if (inspected?.close) inspected.close()
    else if (isNarrow) setOver(!isOver)
    else setView({ showsInspector: !view.showsInspector })
  }
  const hide = useRef(toggle)
  useEffect(() => {
    hide.current = toggle
  })
  useHotkeys([[inspectorKeys, () => hide.current()]], [])
  const isShown = inspected !== null && (inspected.close !== null || showsHidable)
  const places = useMemo(
    () => ({ toolbar, inspector, inspect, hide: () => hide.current() }),
    [toolbar, inspector, inspect]
  )
  const aside = <aside ref={setInspector} className="inspector" aria-label="Inspector" data-part />
  return (
    <PlacesContext value={places}>
      <Docked
        orientation="horizontal"
        side="behind"
        label="the inspector"
        size={view.inspectorWidth}
        least={260}
        leastMain={360}
        onSize={(inspectorWidth) => setView({ inspectorWidth })}
        docked={isShown && !isNarrow ? aside : null}
        main={
          <main className="screen" data-part tabIndex={-1} aria-label={title}>
            <header className="screen-head">
              <Title order={1} size="h2" title={lead}>
                {title}
              </Title>
              <Text size="sm" className="quiet lead" truncate>
                {lead}
              </Text>
              <div className="toolbar" ref={setToolbar} />
              <div className="screen-actions">
                {actions}
                {inspected !== null && inspected.close === null && !isShown && (
                  <Button variant="default" onClick={toggle}>
                    Inspector
                  </Button>
                )}
              </div>
            </header>
            <div className="screen-body">{children}</div>
            {isShown && isNarrow && aside}
          </main>
        }
      />
    </PlacesContext>
  )
}

/** Fields and buttons in the line of the screen's title. */
export function Toolbar({ children }: { children: ReactNode }) {
  const { toolbar } = useContext(PlacesContext)
  return toolbar === null ? null : createPortal(children, toolbar)
}

type InspectorProps = {
  title: string
  actions?: ReactNode
  /** Null where the screen always has something to inspect: it is hidden then rather than closed. */
  onClose: (() => void) | null
  children: ReactNode
}

/** One thing of the screen in full, docked beside it. */
export function Inspector({ title, actions, onClose, children }: InspectorProps) {
  const { inspector, inspect, hide } = useContext(PlacesContext)
  const close = useRef(onClose)
  useEffect(() => {
    close.current = onClose
  })
  const isClosable = onClose !== null
  useEffect(() => inspect(isClosable ? () => close.current?.() : null), [inspect, isClosable])
  if (inspector === null) return null
  return createPortal(
    <>
      <header className="panel-head">
        <Title order={2} size="h5" lineClamp={2} className="breakable" title={title}>
          {title}
        </Title>
        <div className="screen-actions">
          {actions}
          <CloseButton size="sm" aria-label={isClosable ? 'Close' : 'Hide inspector'} onClick={hide} />
        </div>
      </header>
      {/* A region that scrolls is reached by keyboard. */}
      <Box className="inspector-body" tabIndex={0} role="group" aria-label={title}>
        {children}
      </Box>
    </>,
    inspector
  )
}

type EmptyProps = { title: string; text: string; action?: ReactNode }

export function EmptyState({ title, text, action }: EmptyProps) {
  return (
    <Stack align="center" justify="center" gap="xs" flex={1} mih={160} ta="center">
      <Title order={2}>{title}</Title>
      <Text className="quiet" maw={480}>
        {text}
      </Text>
      {action}
    </Stack>
  )
}

type AnswerProps<T> = { query: UseQueryResult<T>; children: (data: T) => ReactNode }

/** What an answer shows once it is there; until then that it is awaited, or why it did not come. */
export function Answer<T>({ query, children }: AnswerProps<T>) {
  if (query.data !== undefined) return children(query.data)
  if (query.isError) return <ErrorReport error={query.error} onRetry={() => void query.refetch()} />
  return <Loader size="sm" role="status" aria-label="Loading" />
}

/** In place of a screen that is not there yet. */
export function ScreenSkeleton() {
  return (
    <Stack p="md" gap="sm" flex={1} role="status" aria-label="Loading">
      <Skeleton height={18} width={160} />
      <Skeleton height={26} />
      <Skeleton height="60%" />
    </Stack>
  )
}
