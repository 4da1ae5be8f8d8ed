/** The desktop application: one window, one workbench with its engine, the menu that follows it, and the end in order. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { app, Menu, session, shell } from 'electron'
import { errorToData, explainError } from '#engine/common/contract/errors.ts'
import { createWindowService, type WindowService } from '#main/api/serve-windows.ts'
import { createEngineProcess } from '#main/engine-process/engine-process.ts'
import { paperAddress } from '#preload/contract/safe-link.ts'
import { keepAwake } from './keep-awake.ts'
import { lockDownSession } from './lock-down.ts'
import { openLog } from './log.ts'
import { menuTemplate } from './menu.ts'
import { createOneWindow } from './one-window.ts'
import { servePage } from './page-protocol.ts'
import { projectOfArguments } from './project-argument.ts'
import { projectCommands } from './project-commands.ts'
import { endInOrder } from './shutdown.ts'
import { startUtilityEngine } from './utility-process.ts'

/** Where the built parts lie. */
export type ApplicationFiles = {
  readonly engine: string
  readonly pageFolder: string
  readonly preload: string
  readonly sampleFolder: string
  readonly icon: string
}

async function askState({ handlers }: WindowService) {
  return await handlers['workbench.state']({}, { signal: new AbortController().signal, progress: () => {} })
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
  const log = openLog(logFile)
  const report = (error: unknown): void => log.error(explainError(errorToData(error)))
  const engine = createEngineProcess({ start: () => startUtilityEngine(files.engine, log), log })
  const { sampleFolder } = files
  const service = createWindowService({
    engine,
    recentFile: join(settings, 'recent.json'),
    sampleFolder,
    documents: () => app.getPath('documents')
  })
  const ready = app.whenReady().then(() => {
    lockDownSession(session.defaultSession, { devTools: !app.isPackaged })
    servePage(session.defaultSession.protocol, files.pageFolder)
  })
  const window = createOneWindow({
    ...files,
    service,
    stateFile: join(settings, 'window.json'),
    ready,
    onOpen: () => follow(),
    log
  })
  const projects = projectCommands(service, window.bringUp)

  /** The menu, the title and the system's list as the workbench is now. */
  async function followState(): Promise<void> {
    const { project, recent, engineGivenUp } = await askState(service)
    const template = menuTemplate({
      recent,
      hasProject: project !== null,
      projects,
      toPage: window.command,
      restartEngine: engineGivenUp === null ? null : engine.restart,
      showLog: () => shell.showItemInFolder(logFile),
      openPaper: () => void shell.openExternal(paperAddress),
      platform: process.platform,
      isPackaged: app.isPackaged
    })
    Menu.setApplicationMenu(Menu.buildFromTemplate(template))
    if (project !== null) app.addRecentDocument(project.path)
    window.entitle(project)
  }
  // One after the other, so that the last word is the newest.
  let followed = Promise.resolve()
  function follow(): void {
    followed = followed.then(followState).catch(report)
  }
  const openNamed = (given: readonly string[], from: string): void => {
    const named = projectOfArguments(given, from)
    if (named !== null) projects.open(named)
  }

  app.on('second-instance', (_event, given, from) => {
    window.bringUp().catch(report)
    openNamed(given, from)
  })
  app.on('open-file', (event, path) => {
    event.preventDefault()
    projects.open(path)
  })
  app.on('activate', () => window.bringUp().catch(report))
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit()
  })
  service.onChange(({ what }) => {
    if (what === 'state') follow()
  })
  keepAwake(service, report)
  endInOrder([service.close, engine.stop], log)

  await window.bringUp()
  openNamed(commandLine, folder)
}
