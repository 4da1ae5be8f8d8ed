/** The activity rail: the screens by icon and name, and the menu of the window. One stop of the Tab key; arrows move. */
import { Kbd, Menu, useMantineColorScheme } from '@mantine/core'
import { IconMenu2 } from '@tabler/icons-react'
import type { KeyboardEvent } from 'react'
import { screens } from './screens.ts'
import { keysText, paletteKeys, screenKeys, sheetKeys } from './shortcuts.tsx'

type Props = {
  shown: string
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

export function Rail({ shown, ...commands }: Props) {
  return (
    <nav className="rail" aria-label="Screens" data-part onKeyDown={moveFocus}>
      {screens.map(({ path, title, lead, ScreenIcon }, index) => (
        <a
          key={path}
          href={`#${path}`}
          className="rail-item"
          aria-label={title}
          aria-current={path === shown ? 'page' : undefined}
          tabIndex={path === shown ? 0 : -1}
          title={`${title}: ${lead} (${keysText(screenKeys(index))})`}
        >
          <ScreenIcon size={20} stroke={1.5} aria-hidden />
          <span className="rail-name">{title}</span>
        </a>
      ))}
      <WindowMenu {...commands} />
    </nav>
  )
}

const schemes = [
  { value: 'light', label: 'Light colours' },
  { value: 'dark', label: 'Dark colours' },
  { value: 'auto', label: 'Colours as the system is' }
] as const

function WindowMenu({ onCommands, onShortcuts, onClose }: Omit<Props, 'shown'>) {
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
