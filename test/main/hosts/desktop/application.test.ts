/** The application as a whole: what it asks Electron for, what it does when the system asks, how it ends. */
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { runApplication } from '#main/hosts/desktop/application.ts'
import { createProject as createStoredProject } from '#main/project/project.ts'
import { connectChannel } from '#preload/contract/bridge.ts'
import {
  app,
  dialogs,
  ipcMain,
  menus,
  preventable,
  protocol,
  sessionHandlers
} from '#test/support/electron/substitute.ts'
import { startedProcesses } from '#test/support/electron/utility-process.ts'
import { BrowserWindow } from '#test/support/electron/windows.ts'
import { engineInProcess } from '#test/support/engine-in-process.ts'
import { temporaryFolder } from '#test/support/temporary-folder.ts'

const built = (name: string): string => fileURLToPath(new URL(`../../../../out/${name}`, import.meta.url))

beforeEach(() => {
  app.removeAllListeners()
  ipcMain.removeAllListeners()
  protocol.handlers.clear()
  BrowserWindow.made.length = 0
  startedProcesses.length = 0
  menus.length = 0
  Object.assign(app, { hasQuit: false, isPackaged: true, isSandboxed: false, isReadyNow: true })
  app.exits.length = 0
  app.switches.clear()
  Object.assign(dialogs, { shown: [], paths: [], responses: [] })
})

/** The application on settings of its own; it ends with the test. */
async function run(
  commandLine: readonly string[] = ['anchorage']
): Promise<{ folder: string; window: BrowserWindow }> {
  const folder = await temporaryFolder()
  app.folder = folder
  await runApplication(
    {
      engine: built('engine.js'),
      pageFolder: built('renderer'),
      preload: built('preload.cjs'),
      sampleFolder: join(folder, 'sample'),
      icon: join(folder, 'icon.png')
    },
    commandLine,
    folder
  )
  onTestFinished(async () => {
    app.quit()
    await vi.waitFor(() => expect(app.hasQuit).toBe(true))
  })
  await vi.waitFor(() => expect(menus).not.toEqual([]))
  return { folder, window: BrowserWindow.last }
}

/** Makes a project through the menu, as a person does. */
async function createProject(path: string): Promise<void> {
  dialogs.paths = [path]
  clickMenu('New project …')
  await vi.waitFor(() => expect(app.recentDocuments).toContain(path))
}

function clickMenu(label: string): void {
  const items = (menus.at(-1) ?? []).flatMap(({ submenu }) => (Array.isArray(submenu) ? submenu : []))
  const item = items.find((item) => item.label?.replace('&', '') === label)
  if (item?.click === undefined) throw new Error(`no item ${label}`)
  Reflect.apply(item.click, null, [])
}

describe('the window', () => {
  it('is sandboxed, and without Node', async () => {
    const { window } = await run()
    expect(window.options.webPreferences).toEqual({
      preload: built('preload.cjs'),
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      spellcheck: false,
      devTools: false
    })
    expect(window.webContents.mainFrame.url).toBe('app://anchorage/')
    expect(window.webContents.windowOpenHandler?.({ url: 'https://example.com' })).toEqual({ action: 'deny' })
    expect(sessionHandlers.permissionCheck()).toBe(false)
    expect([...protocol.handlers.keys()]).toEqual(['app'])
  })

  it('is shown when it has painted, and opens where it was', async () => {
    const { window, folder } = await run()
    expect([window.options.show, window.told]).toEqual([false, []])
    window.emit('ready-to-show')
    expect(window.told).toEqual(['show'])
    window.bounds = { x: 300, y: 200, width: 1100, height: 700 }
    window.maximize()
    window.close()
    expect(JSON.parse(await readFile(join(folder, 'userData', 'window.json'), 'utf8'))).toEqual({
      bounds: window.bounds,
      maximized: true
    })
    app.emit('activate')
    await vi.waitFor(() => expect(BrowserWindow.getAllWindows()).toHaveLength(1))
    const [again] = BrowserWindow.getAllWindows()
    expect(again.options).toMatchObject(window.bounds)
    expect(again.told).toContain('maximize')
    await vi.waitFor(() => expect(again.title).toBe('Anchorage'))
    const event = preventable()
    again.emit('page-title-updated', event)
    expect(event.defaultPrevented).toBe(true)
  })

  it('offers to be loaded again where its page has failed', async () => {
    const { window } = await run()
    window.webContents.emit('render-process-gone', {}, { reason: 'crashed' })
    await vi.waitFor(() => expect(window.told).toEqual(['reload']))
    expect(dialogs.shown[0]?.options).toMatchObject({ message: 'The window has failed.' })
  })
})

describe('a project', () => {
  it('that is made is in the title, the menu and the system’s list', async () => {
    const { window, folder } = await run()
    const path = join(folder, 'experiment.anchorage')
    await createProject(path)
    await vi.waitFor(() => expect(window.title).toBe('experiment – Anchorage'))
    expect(window.representedFilename).toBe(path)
    clickMenu('Close project')
    await vi.waitFor(() => expect(window.title).toBe('Anchorage'))
  })

  it('is opened by a second start of the program, in the window that is there', async () => {
    const { window, folder } = await run()
    await createProject(join(folder, 'one.anchorage'))
    await createProject(join(folder, 'two.anchorage'))
    window.emit('ready-to-show')
    window.told.push('minimize')
    app.emit('second-instance', {}, ['anchorage', 'one.anchorage'], folder)
    await vi.waitFor(() => expect(window.title).toBe('one – Anchorage'))
    expect(BrowserWindow.made).toHaveLength(1)
    expect(window.told.slice(2, 5)).toEqual(['restore', 'show', 'focus'])
  })

  it('is opened where the system opens its file', async () => {
    const { folder, window } = await run()
    await createProject(join(folder, 'one.anchorage'))
    await createProject(join(folder, 'two.anchorage'))
    const event = preventable()
    app.emit('open-file', event, join(folder, 'one.anchorage'))
    expect(event.defaultPrevented).toBe(true)
    await vi.waitFor(() => expect(window.title).toBe('one – Anchorage'))
  })

  it('is opened where the command line names it', async () => {
    const folder = await temporaryFolder()
    const path = join(folder, 'experiment.anchorage')
    await (await createStoredProject(path, engineInProcess())).close()
    const { window } = await run(['anchorage', path])
    await vi.waitFor(() => expect(window.title).toBe('experiment – Anchorage'))
  })

  it('that can’t be opened is explained', async () => {
    const { folder } = await run()
    await writeFile(join(folder, 'broken.anchorage'), 'this is not a database')
    app.emit('second-instance', {}, ['anchorage', 'broken.anchorage'], folder)
    await vi.waitFor(() => expect(dialogs.shown).toHaveLength(1))
    expect(dialogs.shown[0]?.options).toMatchObject({ type: 'error' })
    expect(String(dialogs.shown[0]?.options['detail'])).toContain(join(folder, 'broken.anchorage'))
  })
})

describe('the program', () => {
  it('settles what must be before Electron is ready, and runs once', async () => {
    app.folder = await temporaryFolder()
    app.isPackaged = false
    await import('#main/hosts/desktop/main.ts')
    expect([app.isSandboxed, app.userModelId]).toEqual([true, 'org.anchorage.workbench'])
    // Not the settings of an installed one, whose lock it would meet.
    expect(app.getPath('userData')).toBe(`${app.folder}/userData-development`)
    expect(protocol.schemes.map(({ scheme }) => scheme)).toEqual(['app'])
    await vi.waitFor(() => expect(BrowserWindow.made).toHaveLength(1))
    app.quit()
    await vi.waitFor(() => expect(app.hasQuit).toBe(true))

    vi.resetModules()
    const { app: second } = await import('#test/support/electron/substitute.ts')
    second.isFirstInstance = false
    await import('#main/hosts/desktop/main.ts')
    expect([second.hasQuit, second.eventNames()]).toEqual([true, []])
  })
})

describe('a start that fails', () => {
  it('before Electron is ready says why when it is, and ends', async () => {
    const folder = await temporaryFolder()
    // The folder of settings can't be made: a file is in its place.
    await writeFile(join(folder, 'userData-development'), '')
    Object.assign(app, { folder, isReadyNow: false })
    vi.resetModules()
    const { app: own, dialogs: shown } = await import('#test/support/electron/substitute.ts')
    Object.assign(own, { folder, isReadyNow: false })
    await import('#main/hosts/desktop/main.ts')
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect([own.exits, shown.shown]).toEqual([[], []])
    own.isReadyNow = true
    own.emit('ready')
    await vi.waitFor(() => expect(own.exits).toEqual([1]))
    expect(shown.shown).toMatchObject([
      { kind: 'error', options: { title: expect.stringContaining('userData') } }
    ])
  })

  it('ends though its message can’t be shown', async () => {
    vi.resetModules()
    const { app: own, dialog } = await import('#test/support/electron/substitute.ts')
    vi.spyOn(dialog, 'showErrorBox').mockImplementation(() => {
      throw new Error('no display')
    })
    const { endWithError } = await import('#main/hosts/desktop/show-error.ts')
    await expect(endWithError(new Error('the disk is full'))).rejects.toThrow('no display')
    expect(own.exits).toEqual([1])
  })

  it('asks for no sandbox where the command line says that there is none', async () => {
    vi.resetModules()
    const { app: own } = await import('#test/support/electron/substitute.ts')
    own.switches.add('no-sandbox')
    own.isFirstInstance = false
    await import('#main/hosts/desktop/main.ts')
    expect(own.isSandboxed).toBe(false)
  })
})

describe('the end', () => {
  it('comes after the project is one whole file and the engine has left', async () => {
    const { window, folder } = await run()
    await createProject(join(folder, 'experiment.anchorage'))
    const { webContents } = window
    ipcMain.emit(connectChannel, { sender: webContents, senderFrame: webContents.mainFrame })
    expect(webContents.mainFrame.posted).toHaveLength(1)
    expect(await readdir(folder)).toContain('experiment.anchorage-wal')
    app.quit()
    expect(app.hasQuit).toBe(false)
    await vi.waitFor(() => expect(app.hasQuit).toBe(true))
    const left = (await readdir(folder)).filter((name) => name.startsWith('experiment'))
    expect(left).toEqual(['experiment.anchorage'])
    expect(startedProcesses.filter(({ pid }) => pid !== undefined)).toEqual([])
  })
})
