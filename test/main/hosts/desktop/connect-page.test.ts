/** Who gets a port to the workbench, and what can be asked on it. */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { BrowserWindow } from 'electron'
import { pino } from 'pino'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { type Caller, createCaller } from '#engine/common/rpc/caller.ts'
import { emittingPortEnd, messagePortTransport } from '#engine/common/rpc/message-port-transport.ts'
import { createWindowService, type WindowService } from '#main/api/serve-windows.ts'
import { connectPage, type PageConnection } from '#main/hosts/desktop/connect-page.ts'
import { connectChannel, portMessage } from '#preload/contract/bridge.ts'
import { type DesktopContract, desktopContract } from '#preload/contract/desktop-methods.ts'
import type { WindowCommand } from '#preload/contract/host-abilities.ts'
import { SubstitutePort } from '#test/support/electron/ports.ts'
import { clipboard, dialogs, ipcMain, shell } from '#test/support/electron/substitute.ts'
import { SubstituteFrame, BrowserWindow as SubstituteWindow } from '#test/support/electron/windows.ts'
import { engineInProcess } from '#test/support/engine-in-process.ts'
import { temporaryFolder } from '#test/support/temporary-folder.ts'

beforeEach(() => {
  ipcMain.removeAllListeners()
  Object.assign(dialogs, { shown: [], paths: [], responses: [] })
})

type Served = { window: SubstituteWindow; page: PageConnection; folder: string; service: WindowService }

/** A window whose page is served by a workbench of its own; nothing is loaded. */
async function serveWindow(): Promise<Served> {
  const folder = await temporaryFolder()
  const window = new BrowserWindow()
  await window.loadURL('app://anchorage/')
  const service = createWindowService({
    engine: engineInProcess(),
    recentFile: join(folder, 'recent.json'),
    sampleFolder: join(folder, 'sample'),
    documents: () => folder
  })
  onTestFinished(() => service.close())
  const page = connectPage(window, service, pino({ level: 'silent' }))
  return { window: SubstituteWindow.last, page, folder, service }
}

/** What a page does first: asks for its port. Null where it gets none. */
function ask(sender: object, senderFrame: SubstituteFrame | null): SubstitutePort | null {
  ipcMain.emit(connectChannel, { sender, senderFrame })
  const [port] = senderFrame?.posted.pop()?.ports ?? []
  return port instanceof SubstitutePort ? port : null
}

function callerOf(port: SubstitutePort | null): Caller<DesktopContract> {
  if (port === null) throw new Error('the page got no port')
  const caller = createCaller(desktopContract, messagePortTransport(emittingPortEnd(port)), (fault) => {
    throw fault
  })
  onTestFinished(() => caller.close('the test is over'))
  return caller
}

async function openPage(): Promise<Served & { caller: Caller<DesktopContract> }> {
  const served = await serveWindow()
  const { webContents } = served.window
  return { ...served, caller: callerOf(ask(webContents, webContents.mainFrame)) }
}

describe('a port', () => {
  it('is given to our page alone', async () => {
    const { window } = await serveWindow()
    const { webContents } = window
    const ours = webContents.mainFrame
    expect(ask(webContents, new SubstituteFrame('https://evil.example/'))).toBeNull()
    expect(ask(webContents, new SubstituteFrame('app://evil/'))).toBeNull()
    expect(ask(webContents, new SubstituteFrame('app://anchorage/', ours))).toBeNull()
    expect(ask(webContents, null)).toBeNull()
    expect(ask(new BrowserWindow().webContents, ours)).toBeNull()
    ours.url = 'file:///app/index.html'
    expect(ask(webContents, ours)).toBeNull()
    ours.url = 'app://anchorage/#/mix'
    ipcMain.emit(connectChannel, { sender: webContents, senderFrame: ours })
    expect(ours.posted).toMatchObject([{ channel: portMessage, ports: [expect.any(SubstitutePort)] }])
  })

  it('is not given any more where the window is closed', async () => {
    const { window } = await serveWindow()
    window.close()
    expect(ask(window.webContents, window.webContents.mainFrame)).toBeNull()
  })

  it('carries the calls of the workbench and what it tells', async () => {
    const { caller, folder } = await openPage()
    const changed: string[] = []
    caller.onEvent('workbench.changed', ({ what }) => changed.push(what))
    await caller.call('project.create', { path: join(folder, 'experiment.anchorage') })
    expect(await caller.call('workbench.state', {})).toMatchObject({ project: { name: 'experiment' } })
    expect(changed).toContain('state')
    await expect(caller.call('prompts.get', { id: 'none' })).rejects.toMatchObject({ code: 'not-found' })
  })

  it('carries what was chosen in the menu to the page that was loaded last', async () => {
    const { window, page, caller } = await openPage()
    const heard: WindowCommand[] = []
    caller.onEvent('host.command', () => heard.push({ kind: 'show-screen', path: 'of the first page' }))
    const reloaded = callerOf(ask(window.webContents, window.webContents.mainFrame))
    reloaded.onEvent('host.command', (command) => heard.push(command))
    page.command({ kind: 'set-colours', scheme: 'dark' })
    await reloaded.call('workbench.state', {})
    expect(heard).toEqual([{ kind: 'set-colours', scheme: 'dark' }])
  })
})

describe('the host', () => {
  it('chooses by the dialogs of the system', async () => {
    const { caller } = await openPage()
    dialogs.paths = ['/models/bert', '/data/a.anchorage']
    expect(await caller.call('host.choose', { title: 'Add a model', kind: 'folder' })).toEqual({
      path: '/models/bert'
    })
    expect(
      await caller.call('host.choose', { title: 'Open a project', kind: 'file', extension: '.anchorage' })
    ).toEqual({ path: '/data/a.anchorage' })
    expect(await caller.call('host.choose', { title: 'Open', kind: 'folder' })).toEqual({ path: null })
    expect(dialogs.shown.map(({ options }) => options)).toMatchObject([
      { title: 'Add a model', properties: ['openDirectory'], filters: [] },
      { title: 'Open a project', properties: ['openFile'], filters: [{ extensions: ['anchorage'] }] },
      { properties: ['openDirectory'] }
    ])
  })

  it('lets its page name what is not hidden, and what a person chose', async () => {
    const { caller, folder } = await openPage()
    const hidden = join(folder, '.secrets')
    await mkdir(hidden)
    await writeFile(join(hidden, 'plan.yaml'), 'name: plan\n')
    await writeFile(join(folder, 'notes.md'), 'mine\n')
    const read = (path: string) => caller.call('experiments.readFile', { path })
    await expect(read(join(hidden, 'plan.yaml'))).rejects.toMatchObject({ code: 'file-unsafe' })
    await expect(read(join(folder, 'notes.md'))).rejects.toMatchObject({ code: 'file-unsafe' })
    const written = caller.call('experiments.writeFile', { path: join(folder, 'notes.md'), text: 'theirs' })
    await expect(written).rejects.toMatchObject({ code: 'file-unsafe' })
    dialogs.paths = [hidden]
    await caller.call('host.choose', { title: 'Open', kind: 'folder' })
    expect(await read(join(hidden, 'plan.yaml'))).toEqual({ text: 'name: plan\n' })
  })

  it('replaces a file where the person agreed to it, once', async () => {
    const { caller, folder } = await openPage()
    const path = join(folder, 'mine.yaml')
    await writeFile(path, 'kept\n')
    const make = () => caller.call('experiments.make', { template: 'none', path })
    await expect(make()).rejects.toMatchObject({ code: 'write-failed' })
    dialogs.paths = [path]
    await caller.call('host.chooseNew', { title: 'New', name: 'mine', extension: '.yaml' })
    await expect(make()).rejects.not.toMatchObject({ code: 'write-failed' })
    await expect(make()).rejects.toMatchObject({ code: 'write-failed' })
  })

  it('opens a project of the list of recent ones wherever it is', async () => {
    const { caller, folder, service } = await openPage()
    const path = join(folder, '.work', 'a.anchorage')
    await mkdir(join(folder, '.work'))
    await expect(caller.call('project.create', { path })).rejects.toMatchObject({ code: 'file-unsafe' })
    const context = { signal: new AbortController().signal, progress: () => {} }
    await service.handlers['project.create']({ path }, context)
    await caller.call('project.close', {})
    await caller.call('project.open', { path })
    expect(await caller.call('workbench.state', {})).toMatchObject({ project: { name: 'a' } })
  })

  it.skipIf(process.platform === 'darwin')(
    'asks first where a dialog can show files or folders only',
    async () => {
      const { caller } = await openPage()
      const choice = { title: 'Import prompts', kind: 'file or folder' } as const
      dialogs.responses = [1, 0, 2]
      dialogs.paths = ['/prompts', '/prompts/a.npy']
      expect(await caller.call('host.choose', choice)).toEqual({ path: '/prompts' })
      expect(await caller.call('host.choose', choice)).toEqual({ path: '/prompts/a.npy' })
      expect(await caller.call('host.choose', choice)).toEqual({ path: null })
      expect(dialogs.shown.flatMap(({ options }) => options['properties'] ?? [])).toEqual([
        'openDirectory',
        'openFile'
      ])
    }
  )

  it('gives a new file its ending, once', async () => {
    const { caller } = await openPage()
    const choice = { title: 'New project', name: 'experiment', extension: '.anchorage' }
    dialogs.paths = ['/data/mine', '/data/mine.anchorage']
    for (const path of ['/data/mine.anchorage', '/data/mine.anchorage', null])
      expect(await caller.call('host.chooseNew', choice)).toEqual({ path })
    expect(dialogs.shown[0]?.options).toMatchObject({ defaultPath: 'experiment.anchorage' })
  })

  it('saves texts and bytes whole where the person says', async () => {
    const { caller, folder } = await openPage()
    const [table, picture] = [join(folder, 'table.csv'), join(folder, 'picture.png')]
    dialogs.paths = [table, picture]
    const data = new Uint8Array([9, 0, 255, 9]).subarray(1, 3)
    expect(
      await caller.call('host.saveFile', { title: 'Save', name: 'table.csv', data: 'Wörter\n' })
    ).toEqual({
      saved: true
    })
    expect(await caller.call('host.saveFile', { title: 'Save', name: 'p.png', data })).toEqual({
      saved: true
    })
    expect(await caller.call('host.saveFile', { title: 'Save', name: 'p.png', data })).toEqual({
      saved: false
    })
    expect(await readFile(table, 'utf8')).toBe('Wörter\n')
    expect([...(await readFile(picture))]).toEqual([0, 255])
  })

  it('copies, opens links over https and shows what is there', async () => {
    const { caller, folder } = await openPage()
    await caller.call('host.copyText', { text: 'details' })
    expect(clipboard.text).toBe('details')
    await caller.call('host.openLink', { url: 'https://arxiv.org/abs/2310.01691' })
    for (const url of ['file:///etc/passwd', 'javascript:alert(1)', 'http://example.com'])
      await expect(caller.call('host.openLink', { url })).rejects.toMatchObject({ code: 'bad-argument' })
    expect(shell.opened).toEqual(['https://arxiv.org/abs/2310.01691'])
    await mkdir(join(folder, 'model'))
    await writeFile(join(folder, 'model', 'config.json'), '{}')
    await caller.call('host.reveal', { path: join(folder, 'model') })
    const gone = caller.call('host.reveal', { path: join(folder, 'gone') })
    await expect(gone).rejects.toMatchObject({ code: 'file-not-found' })
    expect(shell.shown).toEqual([join(folder, 'model')])
  })
})
