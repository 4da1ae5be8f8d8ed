/** The activity rail: the screens by icon and name, and the menu of the window. One stop of the Tab key; arrows move. */
import { Kbd, Menu, Popover, Text, useMantineColorScheme } from '@mantine/core'
import { IconMenu2 } from '@tabler/icons-react'
import type { KeyboardEvent, Ref } from 'react'
import { TourNote } from '#renderer/components/tour.tsx'
import { goTo } from '#renderer/connection/address.ts'
import { useTour } from '#renderer/connection/use-tour.ts'
import { type ScreenEntry, screens } from './screens.ts'
import { keysText, paletteKeys, screenKeys, sheetKeys } from './shortcuts.tsx'

type Props = {
  shown: string
  /** The project's file. */
  file: string
  onCommands: () => void
  onShortcuts: () => void
  onClose: () => void
}

/** Up and down, from the last to the first and back. */
function moveFocus(event: KeyboardEvent<HTMLElement>): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
  if (step === undefined) return
  const items = [...event.currentTarget.querySelectorAll<HTMLElement>('.rail-item')]
  const at = items.findIndex((item) => item.matches(':focus'))
  items[(at + step + items.length) % items.length]?.focus()
  event.preventDefault()
}

export function Rail({ shown, file, ...commands }: Props) {
  const [step, setTour] = useTour()
  return (
    <nav className="rail" aria-label="Screens" data-part onKeyDown={moveFocus}>
      {screens.map((screen, index) => {
        const item = (
          <RailItem key={screen.path} screen={screen} index={index} isShown={screen.path === shown} />
        )
        return screen.path !== '/combinations' ? (
          item
        ) : (
          <Popover
            key={screen.path}
            opened={step === 'sets'}
            position="right-start"
            width={300}
            withArrow
            shadow="md"
            closeOnClickOutside={false}
            withRoles={false}
            transitionProps={{ duration: 0 }}
          >
            <Popover.Target>{item}</Popover.Target>
            <Popover.Dropdown p={0}>
              {step === 'sets' && (
                <TourNote
                  title="1 of 2: Which sources together?"
                  text={
                    <>
                      Combinations compares all sets of sources on a target: which is best, and by how many
                      points.
                      <Text size="xs" className="quiet breakable" mt={4}>
                        This project is kept in {file}
                      </Text>
                    </>
                  }
                  action="Open Combinations"
                  onAction={() => {
                    setTour('set')
                    goTo(screen.path)
                  }}
                  onEnd={() => setTour(null)}
                />
              )}
            </Popover.Dropdown>
          </Popover>
        )
      })}
      <WindowMenu {...commands} onTour={() => setTour('sets')} />
    </nav>
  )
}

type ItemProps = { screen: ScreenEntry; index: number; isShown: boolean; ref?: Ref<HTMLAnchorElement> }

function RailItem({ screen: { path, title, lead, ScreenIcon }, index, isShown, ref }: ItemProps) {
  return (
    <a
      ref={ref}
      href={`#${path}`}
      className="rail-item"
      aria-label={title}
      aria-current={isShown ? 'page' : undefined}
      tabIndex={isShown ? 0 : -1}
      title={`${title}: ${lead} (${keysText(screenKeys(index))})`}
    >
      <ScreenIcon size={20} stroke={1.5} aria-hidden />
      <span className="rail-name">{title}</span>
    </a>
  )
}

const schemes = [
  { value: 'light', label: 'Light colours' },
  { value: 'dark', label: 'Dark colours' },
  { value: 'auto', label: 'Colours as the system is' }
] as const

type MenuProps = Omit<Props, 'shown' | 'file'> & { onTour: () => void }

function WindowMenu({ onCommands, onShortcuts, onTour, onClose }: MenuProps) {
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  return (
    <Menu position="right-end" width={240}>
      <Menu.Target>
        <button type="button" className="rail-item rail-menu" aria-label="Menu" title="Menu" tabIndex={-1}>
          <IconMenu2 size={20} stroke={1.5} aria-hidden />
          <span className="rail-name">Menu</span>
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item rightSection={<Kbd size="xs">{keysText(paletteKeys)}</Kbd>} onClick={onCommands}>
          Commands
        </Menu.Item>
        <Menu.Item rightSection={<Kbd size="xs">{keysText(sheetKeys)}</Kbd>} onClick={onShortcuts}>
          Shortcuts
        </Menu.Item>
        <Menu.Item onClick={onTour}>Tour</Menu.Item>
        <Menu.Divider />
        {schemes.map(({ value, label }) => (
          <Menu.Item
            key={value}
            onClick={() => setColorScheme(value)}
            rightSection={colorScheme === value ? '✓' : null}
          >
            {label}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item onClick={onClose}>Close project</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
