/** The desktop application: one window, one workbench with its engine, the menu that follows it, and the end in order. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { app, type BrowserWindow, Menu, session, shell } from 'electron'
import { pino } from 'pino'
import { errorToData, explainError } from '../../../engine/contract/errors.ts'
import { paperAddress } from '../../../preload/contract/safe-link.ts'
import { createEngineProcess } from '../../workbench/engine-process.ts'
import { createWindowService, type WindowService } from '../../workbench/window/serve-windows.ts'
import { connectPage, type PageConnection } from './connect-page.ts'
import { lockDownSession } from './lock-down.ts'
import { createMainWindow, stateOf } from './main-window.ts'
import { menuTemplate } from './menu.ts'
import { servePage } from './page-protocol.ts'
import { projectOfArguments } from './project-argument.ts'
import { projectCommands } from './project-commands.ts'
import { endInOrder } from './shutdown.ts'
import { startUtilityEngine } from './utility-process.ts'
import { readWindowState, writeWindowState } from './window-state.ts'

/** Where the built parts lie. */
export type ApplicationFiles = {
  readonly engine: string
  readonly pageFolder: string
  readonly preload: string
  readonly sampleFolder: string
  readonly icon: string
}

type OpenWindow = { readonly window: BrowserWindow; readonly page: PageConnection }

async function askState({ handlers }: WindowService) {
  return await handlers['workbench.state']({}, { signal: new AbortController().signal, progress: () => {} })
}

function bringUp(window: BrowserWindow): void {
  if (window.isMinimized()) window.restore()
  window.show()
  window.focus()
}

/** Runs the application of the first instance; `commandLine` and `folder` say what it was started with. */
export async function runApplication(
  files: ApplicationFiles,
  commandLine: readonly string[],
  folder: string
): Promise<void> {
  const settings = app.getPath('userData')
  mkdirSync(settings, { recursive: true })
  const logFile = join(app.getPath('logs'), 'anchorage.log')
  const log = pino(
    { level: 'info' },
    pino.destination({ dest: logFile, mkdir: true, append: false, sync: true })
  )
  const report = (error: unknown): void => log.error(explainError(errorToData(error)))
  const engine = createEngineProcess({ start: () => startUtilityEngine(files.engine, log), log })
  const { sampleFolder } = files
  const service = createWindowService({ engine, recentFile: join(settings, 'recent.json'), sampleFolder })
  const stateFile = join(settings, 'window.json')
  let open: OpenWindow | null = null

  const openWindow = async (): Promise<OpenWindow> => {
    await app.whenReady()
    const state = await readWindowState(stateFile)
    if (open !== null) return open
    const window = createMainWindow({ ...files, state, log })
    open = { window, page: connectPage(window, service, log) }
    window.on('close', () => writeWindowState(stateFile, stateOf(window)))
    window.once('closed', () => {
      open = null
    })
    return open
  }
  const showWindow = async (): Promise<BrowserWindow> => {
    const { window } = await openWindow()
    bringUp(window)
    return window
  }
  const projects = projectCommands(service, showWindow)

  const followState = async (): Promise<void> => {
    const { project, recent } = await askState(service)
    const template = menuTemplate({
      recent,
      hasProject: project !== null,
      projects,
      toPage: (command) => open?.page.command(command),
      showLog: () => shell.showItemInFolder(logFile),
      openPaper: () => void shell.openExternal(paperAddress),
      platform: process.platform,
      isPackaged: app.isPackaged
    })
    Menu.setApplicationMenu(Menu.buildFromTemplate(template))
    if (project !== null) app.addRecentDocument(project.path)
    open?.window.setTitle(project === null ? 'Anchorage' : `${project.name} – Anchorage`)
    open?.window.setRepresentedFilename(project?.path ?? '')
  }

  app.on('second-instance', (_event, laterCommandLine, laterFolder) => {
    const named = projectOfArguments(laterCommandLine, laterFolder)
    if (named === null) showWindow().catch(report)
    else projects.open(named)
  })
  app.on('open-file', (event, path) => {
    event.preventDefault()
    projects.open(path)
  })
  app.on('activate', () => showWindow().catch(report))
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit()
  })
  endInOrder([service.close, engine.stop], log)

  await app.whenReady()
  lockDownSession(session.defaultSession, { devTools: !app.isPackaged })
  servePage(session.defaultSession.protocol, files.pageFolder)
  service.onChange(({ what }) => {
    if (what === 'state') followState().catch(report)
  })
  await openWindow()
  await followState()
  const named = projectOfArguments(commandLine, folder)
  if (named !== null) projects.open(named)
}
