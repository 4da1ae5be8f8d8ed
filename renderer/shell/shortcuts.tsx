/** Keys that work everywhere in a project, and the sheet that lists them. */
import { Kbd, Modal, Table } from '@mantine/core'
import { inspectorKeys } from '#renderer/components/screen.tsx'
import { nextPartKeys } from './part-keys.ts'
import { screens } from './screens.ts'

export type Shortcut = { readonly keys: string; readonly does: string }

/** As `useHotkeys` writes them; `mod` is Ctrl, or ⌘ on a Mac. */
export const paletteKeys = 'mod+K'
export const queueKeys = 'mod+J'
export const sheetKeys = 'shift+?'

/** `alt+1` for the first screen, and so on. */
export function screenKeys(index: number): string {
  return `alt+${index + 1}`
}

function shown(keys: string): string[] {
  return keys.split('+').map((key) => (key === 'mod' ? 'Ctrl' : key[0]?.toUpperCase() + key.slice(1)))
}

/** `Ctrl+K`, of keys as `useHotkeys` writes them. */
export function keysText(keys: string): string {
  return shown(keys).join('+')
}

const general: readonly Shortcut[] = [
  { keys: paletteKeys, does: 'Find and run any command' },
  { keys: nextPartKeys, does: 'Go on to the next part of the window; with Shift, back' },
  { keys: inspectorKeys, does: 'Show or close the inspector' },
  { keys: queueKeys, does: 'Show or hide the queue' },
  { keys: sheetKeys, does: 'Show these shortcuts' }
]

type Props = { opened: boolean; onClose: () => void }

export function ShortcutSheet({ opened, onClose }: Props) {
  const all = [
    ...general,
    ...screens.map(({ title }, index) => ({ keys: screenKeys(index), does: `Go to ${title}` }))
  ]
  return (
    <Modal opened={opened} onClose={onClose} title="Shortcuts">
      <Table aria-label="Shortcuts">
        <Table.Tbody>
          {all.map(({ keys, does }) => (
            <Table.Tr key={keys}>
              <Table.Td>
                {shown(keys).map((key) => (
                  <Kbd key={key} mr={4}>
                    {key}
                  </Kbd>
                ))}
              </Table.Td>
              <Table.Td>{does}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Modal>
  )
}
