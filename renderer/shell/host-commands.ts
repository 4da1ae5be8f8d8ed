/** Does what a person chose in the host's own menu. */
import { useMantineColorScheme } from '@mantine/core'
import { useEffect } from 'react'
import type { WindowCommand } from '#preload/contract/host-abilities.ts'
import { useWorkbench } from '#renderer/connection/workbench.tsx'

/** Follows the menu for as long as the calling component is shown. */
export function useHostCommands(): void {
  const { host } = useWorkbench()
  const { setColorScheme } = useMantineColorScheme()
  useEffect(() => {
    const follow = (command: WindowCommand): void => {
      switch (command.kind) {
        case 'show-screen':
          location.hash = `#${command.path}`
          return
        case 'set-colours':
          setColorScheme(command.scheme)
      }
    }
    return host.onCommand(follow)
  }, [host, setColorScheme])
}
