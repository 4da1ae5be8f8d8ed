/**
 * The page of a desktop window in a real Chromium: it finds the bridge that the preload script would give it, and is
 * served by the desktop host over the substitute for Electron. What is not Electron's own is what runs there.
 */
import { join } from 'node:path'
import { BrowserWindow } from 'electron'
import { pino } from 'pino'
import type { Page } from 'playwright-core'
import { onTestFinished } from 'vitest'
import { decodeFrame, encodeFrame } from '#engine/common/rpc/frame-codec.ts'
import { createWindowService } from '#main/api/serve-windows.ts'
import { connectPage, type PageConnection } from '#main/hosts/desktop/connect-page.ts'
import { answerPageRequest } from '#main/hosts/page/page-files.ts'
import type { SupervisedEngine } from '#main/project/context.ts'
import { connectChannel } from '#preload/contract/bridge.ts'
import { pageFolder } from './browser-workbench.ts'
import { SubstitutePort } from './electron/ports.ts'
import { ipcMain } from './electron/substitute.ts'
import { BrowserWindow as SubstituteWindow } from './electron/windows.ts'
import { listenForFaults } from './page-faults.ts'
import { buildPageScript } from './page-module.ts'
import { openContext } from './shared-browser.ts'
import { sampleFolder } from './window-on-sample.ts'

const address = 'https://anchorage.test/'

/** The bridge, whose port is relayed to this process message by message. */
const bridgeScript = `
import { decodeFrame, encodeFrame } from '~/engine/common/rpc/frame-codec.ts'
import { bridgeName, portMessage } from '~/preload/contract/bridge.ts'

window[bridgeName] = {
  async connect() {
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = ({ data }) => sendToHost(Array.from(encodeFrame(data)))
    window.receiveFromHost = (frame) => port1.postMessage(decodeFrame(Uint8Array.from(frame)))
    await connectToHost()
    window.postMessage(portMessage, '*', [port2])
  },
  pathOfDropped: (file) => (file.name === '' ? '' : '/dropped/' + file.name)
}
`

export type DesktopPage = {
  readonly page: Page
  readonly faults: string[]
  /** The host's side, which the menu speaks through. */
  readonly connection: PageConnection
}

/** Opens the page; the host keeps its settings in `folder`. */
export async function openDesktopPage(folder: string, engine: SupervisedEngine): Promise<DesktopPage> {
  const recentFile = join(folder, '.settings', 'recent.json')
  const service = createWindowService({ engine, recentFile, sampleFolder, documents: () => folder })
  const window = new BrowserWindow()
  await window.loadURL('app://anchorage/')
  const connection = connectPage(window, service, pino({ level: 'silent' }))
  const { webContents } = SubstituteWindow.last

  onTestFinished(() => service.close())
  const context = await openContext()
  const page = await context.newPage()
  const faults = listenForFaults(page)
  let port: SubstitutePort | null = null
  await page.exposeFunction('connectToHost', () => {
    port?.close()
    ipcMain.emit(connectChannel, { sender: webContents, senderFrame: webContents.mainFrame })
    const [given] = webContents.mainFrame.posted.pop()?.ports ?? []
    if (!(given instanceof SubstitutePort)) throw new Error('the page got no port')
    given.on('message', ({ data }) => {
      const frame = Array.from(encodeFrame(data))
      // A page that is gone hears nothing any more.
      page.evaluate((bytes) => Reflect.get(globalThis, 'receiveFromHost')(bytes), frame).catch(() => {})
    })
    given.start()
    port = given
  })
  await page.exposeFunction('sendToHost', (frame: number[]) =>
    port?.postMessage(decodeFrame(Uint8Array.from(frame)))
  )
  await page.addInitScript({ content: await buildPageScript(bridgeScript) })
  await page.route(`${address}**`, async (route) => {
    const request = route.request()
    const { status, headers, body } = await answerPageRequest(
      pageFolder,
      request.method(),
      new URL(request.url()).pathname
    )
    await route.fulfill({ status, headers, body: Buffer.from(body) })
  })
  await page.goto(address)
  return { page, faults, connection }
}
