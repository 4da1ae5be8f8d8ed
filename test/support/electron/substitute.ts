/**
 * Stands in for the module `electron` in tests (vitest.config.ts says so): it records what it was asked, and tests say
 * what happens. Ports and utility processes really work, on Node's own.
 */
import { EventEmitter } from 'node:events'
import type { MenuItemConstructorOptions } from 'electron'
import { BrowserWindow } from './windows.ts'

export { MessageChannelMain } from './ports.ts'
export { utilityProcess } from './utility-process.ts'
export { BrowserWindow }

/** An event that can be held back, as Electron's. */
export function preventable(): { defaultPrevented: boolean; preventDefault(): void } {
  return {
    defaultPrevented: false,
    preventDefault() {
      this.defaultPrevented = true
    }
  }
}

class SubstituteApp extends EventEmitter {
  isPackaged = false
  /** The switches of the command line, without dashes. */
  readonly switches = new Set<string>()
  readonly commandLine = {
    hasSwitch: (name: string): boolean => this.switches.has(name),
    appendSwitch: (name: string): void => void this.switches.add(name)
  }
  /** The folder of every path that is asked for. */
  folder = ''
  readonly recentDocuments: string[] = []
  readonly exits: number[] = []
  /** Whether a quit went through. */
  hasQuit = false
  isFirstInstance = true
  isSandboxed = false
  userModelId = ''

  private readonly paths = new Map<string, string>()
  getPath(name: string): string {
    return this.paths.get(name) ?? `${this.folder}/${name}`
  }
  setPath(name: string, path: string): void {
    this.paths.set(name, path)
  }
  /** Whether Electron is ready; where a test says no, `whenReady` never settles. */
  isReadyNow = true
  isReady(): boolean {
    return this.isReadyNow
  }
  whenReady(): Promise<void> {
    return this.isReadyNow ? Promise.resolve() : new Promise((resolve) => this.once('ready', resolve))
  }
  setAppUserModelId(id: string): void {
    this.userModelId = id
  }
  enableSandbox(): void {
    this.isSandboxed = true
  }
  requestSingleInstanceLock(): boolean {
    return this.isFirstInstance
  }
  addRecentDocument(path: string): void {
    this.recentDocuments.push(path)
  }
  exit(code: number): void {
    this.exits.push(code)
  }
  quit(): void {
    const event = preventable()
    this.emit('before-quit', event)
    if (event.defaultPrevented) return
    this.hasQuit = true
    this.emit('quit')
  }
}

export const app = new SubstituteApp()
export const ipcMain = new EventEmitter()
export const nativeTheme = { shouldUseDarkColors: false }

/** As Electron: much of it throws until the application is ready. */
function requireReady(message: string): void {
  if (!app.isReady()) throw new Error(message)
}

export const screen = {
  getAllDisplays: () => {
    requireReady("The 'screen' module can't be used before the app 'ready' event")
    return [{ workArea: { x: 0, y: 0, width: 1920, height: 1040 } }]
  }
}

type Dialog = { kind: 'open' | 'save' | 'message' | 'error'; options: Record<string, unknown> }

/** The dialogs shown, and what the person does in the next ones. */
export const dialogs: { shown: Dialog[]; paths: string[]; responses: number[] } = {
  shown: [],
  paths: [],
  responses: []
}

const dialogTooEarly = 'dialog module can only be used after app is ready'

export const dialog = {
  /** The one dialog that may be asked for at any time; what it says is written to standard error before. */
  showErrorBox(title: string, content: string): void {
    if (app.isReady()) dialogs.shown.push({ kind: 'error', options: { title, content } })
  },
  showOpenDialog(_window: BrowserWindow, options: Record<string, unknown>) {
    requireReady(dialogTooEarly)
    dialogs.shown.push({ kind: 'open', options })
    const path = dialogs.paths.shift()
    return Promise.resolve({ canceled: path === undefined, filePaths: path === undefined ? [] : [path] })
  },
  showSaveDialog(_window: BrowserWindow, options: Record<string, unknown>) {
    requireReady(dialogTooEarly)
    dialogs.shown.push({ kind: 'save', options })
    const path = dialogs.paths.shift()
    return Promise.resolve({ canceled: path === undefined, filePath: path ?? '' })
  },
  showMessageBox(...given: [Record<string, unknown>] | [BrowserWindow, Record<string, unknown>]) {
    requireReady(dialogTooEarly)
    const options = given[1] ?? given[0]
    dialogs.shown.push({ kind: 'message', options: { ...options } })
    return Promise.resolve({ response: dialogs.responses.shift() ?? 0 })
  }
}

/** The blockers that are at work, by their numbers. */
export const powerBlockers = new Map<number, string>()
export const powerSaveBlocker = {
  start(kind: string): number {
    const id = powerBlockers.size + 1
    powerBlockers.set(id, kind)
    return id
  },
  stop: (id: number): boolean => powerBlockers.delete(id)
}

export const clipboard = {
  text: '',
  writeText(text: string): void {
    clipboard.text = text
  }
}

export const shell = {
  opened: [] as string[],
  shown: [] as string[],
  openExternal(url: string): Promise<void> {
    shell.opened.push(url)
    return Promise.resolve()
  },
  showItemInFolder(path: string): void {
    shell.shown.push(path)
  }
}

/** The menus that were set, newest last. */
export const menus: MenuItemConstructorOptions[][] = []
export const Menu = {
  buildFromTemplate: (template: MenuItemConstructorOptions[]) => template,
  setApplicationMenu: (menu: MenuItemConstructorOptions[]) => menus.push(menu)
}

type PermissionAnswer = (granted: boolean) => void
type RequestAnswer = (answer: { cancel: boolean }) => void

export const protocol = {
  schemes: [] as { scheme: string; privileges: Record<string, boolean> }[],
  registerSchemesAsPrivileged(schemes: { scheme: string; privileges: Record<string, boolean> }[]): void {
    protocol.schemes = schemes
  },
  handlers: new Map<string, (request: Request) => Promise<Response>>(),
  handle(scheme: string, handler: (request: Request) => Promise<Response>): void {
    protocol.handlers.set(scheme, handler)
  }
}

type SessionHandlers = {
  permissionRequest(contents: unknown, permission: string, answer: PermissionAnswer): void
  permissionCheck(): boolean
  devicePermission(): boolean
  beforeRequest(details: { url: string }, answer: RequestAnswer): void
}

/** How a session answers: as Electron does of itself, which is to allow, until it is told otherwise. */
export const sessionHandlers: SessionHandlers = {
  permissionRequest: (_contents, _permission, answer) => answer(true),
  permissionCheck: () => true,
  devicePermission: () => true,
  beforeRequest: (_details, answer) => answer({ cancel: false })
}

export const session = {
  get defaultSession() {
    requireReady('Session can only be received when app is ready')
    return defaultSession
  }
}

const defaultSession = {
  protocol,
  setPermissionRequestHandler(handler: SessionHandlers['permissionRequest']): void {
    sessionHandlers.permissionRequest = handler
  },
  setPermissionCheckHandler(handler: () => boolean): void {
    sessionHandlers.permissionCheck = handler
  },
  setDevicePermissionHandler(handler: () => boolean): void {
    sessionHandlers.devicePermission = handler
  },
  webRequest: {
    onBeforeRequest(handler: SessionHandlers['beforeRequest']): void {
      sessionHandlers.beforeRequest = handler
    }
  }
}
