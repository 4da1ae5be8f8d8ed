/** Electron's windows, without any: they remember what they were made with and told. */
import { EventEmitter } from 'node:events'
import type { BrowserWindowConstructorOptions } from 'electron'

export type WindowOpenHandler = (details: { url: string }) => { action: string }

/** The frame of a page; what is posted to it is kept. */
export class SubstituteFrame {
  url: string
  readonly parent: SubstituteFrame | null
  readonly posted: { channel: string; ports: unknown[] }[] = []

  constructor(url: string, parent: SubstituteFrame | null = null) {
    this.url = url
    this.parent = parent
  }

  postMessage(channel: string, _message: unknown, ports: unknown[]): void {
    this.posted.push({ channel, ports })
  }
}

class SubstituteContents extends EventEmitter {
  readonly mainFrame = new SubstituteFrame('about:blank')
  windowOpenHandler: WindowOpenHandler | null = null

  webRTCPolicy = 'default'
  setWebRTCIPHandlingPolicy(policy: string): void {
    this.webRTCPolicy = policy
  }

  setWindowOpenHandler(handler: WindowOpenHandler): void {
    this.windowOpenHandler = handler
  }
}

export class BrowserWindow extends EventEmitter {
  static readonly made: BrowserWindow[] = []
  static getAllWindows(): BrowserWindow[] {
    return BrowserWindow.made.filter(({ isOpen }) => isOpen)
  }
  /** The window that was made last. */
  static get last(): BrowserWindow {
    const window = BrowserWindow.made.at(-1)
    if (window === undefined) throw new Error('no window was made')
    return window
  }

  readonly options: BrowserWindowConstructorOptions
  readonly webContents = new SubstituteContents()
  /** What it was told, by the names of the methods. */
  readonly told: string[] = []
  title = ''
  representedFilename = ''
  isOpen = true
  bounds: { x: number; y: number; width: number; height: number }

  constructor(options: BrowserWindowConstructorOptions = {}) {
    super()
    this.options = options
    const { x = 0, y = 0, width = 800, height = 600 } = options
    this.bounds = { x, y, width, height }
    BrowserWindow.made.push(this)
  }

  private readonly tell = (what: string) => (): void => {
    this.told.push(what)
  }
  show = (): void => {
    this.told.push('show')
    this.emit('show')
  }
  hide = this.tell('hide')
  focus = this.tell('focus')
  restore = this.tell('restore')
  maximize = this.tell('maximize')
  reload = this.tell('reload')
  isMinimized = (): boolean => this.told.includes('minimize')
  isFullScreen = (): boolean => false
  isMaximized = (): boolean => this.told.includes('maximize')
  getNormalBounds = () => this.bounds

  loadURL(url: string): Promise<void> {
    this.webContents.mainFrame.url = url
    return Promise.resolve()
  }
  setTitle(title: string): void {
    this.title = title
  }
  setRepresentedFilename(path: string): void {
    this.representedFilename = path
  }
  close(): void {
    this.emit('close')
    this.isOpen = false
    this.emit('closed')
  }
}
