/** The connection of the page to the browser host: one WebSocket, opened with the token of the page's address. */
import { type Caller, createCaller } from '../../engine/rpc/caller.ts'
import { type FrameSocket, webSocketTransport } from '../../engine/rpc/web-socket-transport.ts'
import { type BrowserContract, browserContract } from '../../preload/contract/browser-methods.ts'

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

export type Connection = {
  readonly caller: Caller<BrowserContract>
  /** Called once when the connection has ended. */
  onClose(listener: () => void): void
}

/** Connects, or rejects where the host refuses: it was started anew, or the address has no token. */
export async function connect(): Promise<Connection> {
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
  return {
    caller: createCaller(browserContract, transport, reportError),
    onClose: (listener) => transport.onClose(listener)
  }
}
