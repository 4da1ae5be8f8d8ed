/** Joins a window's page to the workbench: each load of our page gets one port, and nobody else gets any. */
import { type BrowserWindow, type IpcMainEvent, ipcMain, MessageChannelMain } from 'electron'
import type { Logger } from 'pino'
import { errorToData, explainError } from '#engine/common/contract/errors.ts'
import { emittingPortEnd, messagePortTransport } from '#engine/common/rpc/message-port-transport.ts'
import { type Handlers, type Server, serve } from '#engine/common/rpc/serve.ts'
import { tellWindow, type WindowService } from '#main/api/serve-windows.ts'
import { containedHandlers } from '#main/hosts/page/contained-handlers.ts'
import { connectChannel, portMessage } from '#preload/contract/bridge.ts'
import { type DesktopContract, desktopContract } from '#preload/contract/desktop-methods.ts'
import type { WindowCommand } from '#preload/contract/host-abilities.ts'
import { createChosenPaths } from './chosen-paths.ts'
import { hostAbilities } from './host-abilities.ts'
import { isOurPage } from './page-protocol.ts'

export type PageConnection = {
  /** Tells the page what was chosen in the menu; without effect while there is no page. */
  command(command: WindowCommand): void
}

/** Whether our page itself speaks: in the top frame of its window, and still there. */
function isFromOurPage({ senderFrame }: IpcMainEvent): boolean {
  return senderFrame !== null && senderFrame.parent === null && isOurPage(senderFrame.url)
}

/** The workbench for a page that names paths which a person chose; a project of the list was chosen once. */
function handlersFor(window: BrowserWindow, { handlers }: WindowService): Handlers<DesktopContract> {
  const paths = createChosenPaths()
  const contained = containedHandlers(handlers, paths)
  return {
    ...contained,
    'project.open': async ({ path }, context) => {
      const { recent } = await handlers['workbench.state']({}, context)
      if (recent.some((project) => project.path === path)) await paths.allow(path)
      return await contained['project.open']({ path }, context)
    },
    ...hostAbilities(window, paths)
  }
}

/** Serves the pages that `window` loads, one after the other. */
export function connectPage(window: BrowserWindow, service: WindowService, log: Logger): PageConnection {
  const handlers = handlersFor(window, service)
  let page: Server<DesktopContract> | null = null

  const connect = (event: IpcMainEvent): void => {
    if (event.sender !== window.webContents) return
    if (!isFromOurPage(event)) {
      log.warn({ from: event.senderFrame?.url }, 'a connection was refused')
      return
    }
    const { port1, port2 } = new MessageChannelMain()
    const transport = messagePortTransport(emittingPortEnd(port1))
    const server = serve(desktopContract, transport, handlers, (fault) =>
      log.warn(explainError(errorToData(fault)))
    )
    tellWindow(service, server, transport)
    page = server
    transport.onClose(() => {
      if (page === server) page = null
    })
    event.senderFrame?.postMessage(portMessage, null, [port2])
  }
  ipcMain.on(connectChannel, connect)
  window.once('closed', () => ipcMain.off(connectChannel, connect))
  return { command: (command) => page?.emit('host.command', command) }
}
