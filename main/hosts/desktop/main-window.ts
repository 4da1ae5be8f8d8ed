/** The window of the workbench: a sandboxed page, where and as large as it was last. */
import { app, BrowserWindow, dialog, nativeTheme, screen } from 'electron'
import type { Logger } from 'pino'
import { errorToData, explainError } from '#engine/common/contract/errors.ts'
import { lockDownContents } from './lock-down.ts'
import { pageAddress } from './page-protocol.ts'
import { followPlace } from './window-place.ts'
import { fitBounds, smallestSize, type WindowState } from './window-state.ts'

export type MainWindowSettings = {
  readonly state: WindowState | null
  /** The built preload script. */
  readonly preload: string
  readonly icon: string
  readonly log: Logger
}

/** Before the page has painted; as the page's own. */
const background = { light: '#ffffff', dark: '#242424' } as const

export type MainWindow = {
  readonly window: BrowserWindow
  /** What is to be kept of it. */
  readonly state: () => WindowState
}

/** A new window, shown once its page has painted. */
export function createMainWindow({ state, preload, icon, log }: MainWindowSettings): MainWindow {
  const workAreas = screen.getAllDisplays().map(({ workArea }) => workArea)
  const { x, y, ...size } = fitBounds(state?.bounds ?? null, workAreas)
  const asked = x === undefined || y === undefined ? null : { x, y, ...size }
  const window = new BrowserWindow({
    ...(asked ?? size),
    minWidth: smallestSize.width,
    minHeight: smallestSize.height,
    show: false,
    title: 'Anchorage',
    icon,
    backgroundColor: nativeTheme.shouldUseDarkColors ? background.dark : background.light,
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      // Its dictionaries would be fetched from the network.
      spellcheck: false,
      devTools: !app.isPackaged
    }
  })
  const place = followPlace(window, asked)
  if (state?.maximized === true) window.maximize()
  lockDownContents(window.webContents)
  window.once('ready-to-show', () => window.show())
  // It says which project is open, which the page's own title doesn't.
  window.on('page-title-updated', (event) => event.preventDefault())
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    log.error(`the page ended: ${reason}`)
    if (reason !== 'clean-exit') void offerReload(window)
  })
  window.loadURL(pageAddress).catch((error: unknown) => {
    log.error(explainError(errorToData(error)))
    window.show()
  })
  return { window, state: place }
}

async function offerReload(window: BrowserWindow): Promise<void> {
  const { response } = await dialog.showMessageBox(window, {
    type: 'error',
    message: 'The window has failed.',
    detail: 'The project, its queue and the engine go on. Nothing that was kept is lost.',
    buttons: ['Load it again', 'Quit']
  })
  if (response === 0) window.reload()
  else app.quit()
}
