/** The page in a browser's tab: one WebSocket to the browser host, opened with the token of the page's address. */
import { createCaller } from '#engine/common/rpc/caller.ts'
import { type FrameSocket, webSocketTransport } from '#engine/common/rpc/web-socket-transport.ts'
import { browserContract } from '#preload/contract/browser-methods.ts'
import { createBrowserHost } from '#renderer/host/browser-host.ts'
import { ChooserDialog } from '#renderer/host/chooser-dialog.tsx'
import type { Connection } from './connection.ts'

const kept = 'anchorage-token'

/** The token of the address, kept for a reload of this tab and taken out of what the address bar shows. */
function takeToken(): string {
  const given = new URLSearchParams(location.hash.slice(1)).get('token')
  if (given !== null) {
    sessionStorage.setItem(kept, given)
    history.replaceState(null, '', '#/')
  }
  return given ?? sessionStorage.getItem(kept) ?? ''
}

function frameSocket(socket: WebSocket): FrameSocket {
  return {
    send: (frame) => socket.send(frame),
    close: () => socket.close(),
    listen({ frame, closed }) {
      socket.addEventListener('message', ({ data }) => {
        if (data instanceof ArrayBuffer) frame(new Uint8Array(data))
      })
      socket.addEventListener('close', () => closed('the workbench has ended'))
    }
  }
}

/** Connects, or rejects where the host refuses: it was started anew, or the address has no token. */
export async function connectToBrowserHost(): Promise<Connection> {
  const address = `ws://${location.host}/`
  const socket = new WebSocket(address, ['anchorage', `token.${takeToken()}`])
  socket.binaryType = 'arraybuffer'
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener('open', () => resolve(), { once: true })
    socket.addEventListener('error', () => reject(new Error('The workbench refused the connection.')), {
      once: true
    })
  })
  const transport = webSocketTransport(frameSocket(socket))
  const caller = createCaller(browserContract, transport, reportError)
  const { host, pending } = createBrowserHost()
  const listFolder = (folder: string | null) => caller.call('files.list', { folder })
  return {
    caller,
    host,
    dialogs: <ChooserDialog pending={pending} listFolder={listFolder} />,
    onClose: (listener) => transport.onClose(listener)
  }
}
