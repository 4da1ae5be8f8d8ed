/** The application's one window: made when it is asked for, made anew where it was closed, kept where it was. */
import type { BrowserWindow } from 'electron'
import type { Logger } from 'pino'
import { errorToData, explainError } from '#engine/common/contract/errors.ts'
import type { WindowService } from '#main/api/serve-windows.ts'
import type { WindowCommand } from '#preload/contract/host-abilities.ts'
import type { WorkbenchState } from '#preload/contract/workbench-methods.ts'
import { connectPage, type PageConnection } from './connect-page.ts'
import { createMainWindow, type MainWindowSettings } from './main-window.ts'
import { readWindowState, type WindowState, writeWindowState } from './window-state.ts'

export type OneWindow = {
  /** The window, in front of the others. */
  bringUp(): Promise<BrowserWindow>
  /** Tells its page what was chosen in the menu; without effect while there is none. */
  command(command: WindowCommand): void
  /** Says which project is open. */
  entitle(project: WorkbenchState['project']): void
}

export type OneWindowSettings = Pick<MainWindowSettings, 'preload' | 'icon'> & {
  readonly service: WindowService
  /** Where the place of the window is kept. */
  readonly stateFile: string
  /** When windows may be made. */
  readonly ready: Promise<void>
  /** Called with every new window. */
  readonly onOpen: () => void
  readonly log: Logger
}

export function createOneWindow(settings: OneWindowSettings): OneWindow {
  const { service, stateFile, ready, onOpen, log } = settings
  let open: { readonly window: BrowserWindow; readonly page: PageConnection } | null = null
  let hasPainted = false

  const keepState = (state: () => WindowState): void => {
    try {
      writeWindowState(stateFile, state())
    } catch (error) {
      log.error(explainError(errorToData(error)))
    }
  }
  const openWindow = async (): Promise<BrowserWindow> => {
    await ready
    const state = await readWindowState(stateFile)
    if (open !== null) return open.window
    const { window, state: stateNow } = createMainWindow({ ...settings, state })
    open = { window, page: connectPage(window, service, log) }
    hasPainted = false
    window.once('ready-to-show', () => {
      hasPainted = true
    })
    window.on('close', () => keepState(stateNow))
    window.once('closed', () => {
      open = null
    })
    onOpen()
    return window
  }
  return {
    async bringUp() {
      const window = await openWindow()
      if (window.isMinimized()) window.restore()
      // A new one shows itself when it has painted.
      if (hasPainted) {
        window.show()
        window.focus()
      }
      return window
    },
    command: (command) => open?.page.command(command),
    entitle(project) {
      open?.window.setTitle(project === null ? 'Anchorage' : `${project.name} – Anchorage`)
      open?.window.setRepresentedFilename(project?.path ?? '')
    }
  }
}
