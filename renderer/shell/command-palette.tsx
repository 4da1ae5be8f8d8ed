/** Every command by its name: screens, the queue, colours, projects. */
import { useMantineColorScheme } from '@mantine/core'
import { Spotlight, type SpotlightActionData } from '@mantine/spotlight'
import { screens } from './screens.ts'
import { paletteKeys } from './shortcuts.tsx'

type Props = { onQueue: () => void; onShortcuts: () => void; onClose: () => void }

export function CommandPalette({ onQueue, onShortcuts, onClose }: Props) {
  const { setColorScheme } = useMantineColorScheme()
  const actions: SpotlightActionData[] = [
    ...screens.map(({ path, title, lead }) => ({
      id: path,
      label: `Go to ${title}`,
      description: lead,
      onClick: () => {
        location.hash = `#${path}`
      }
    })),
    { id: 'queue', label: 'Open the queue', description: 'Progress, cancel, retry', onClick: onQueue },
    { id: 'shortcuts', label: 'Show the shortcuts', onClick: onShortcuts },
    { id: 'light', label: 'Light colours', onClick: () => setColorScheme('light') },
    { id: 'dark', label: 'Dark colours', onClick: () => setColorScheme('dark') },
    { id: 'auto', label: 'Colours as the system is', onClick: () => setColorScheme('auto') },
    {
      id: 'close',
      label: 'Close the project',
      description: 'To the start: open another, or make a new one',
      onClick: onClose
    }
  ]
  return (
    <Spotlight
      actions={actions}
      shortcut={paletteKeys}
      nothingFound="No matching command."
      highlightQuery
      searchProps={{ placeholder: 'What do you want to do?', 'aria-label': 'Command' }}
    />
  )
}
