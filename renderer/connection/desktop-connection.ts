/** The page in a window of the desktop application: a message port to the workbench, asked for through the bridge. */
import { createCaller } from '#engine/common/rpc/caller.ts'
import { messagePortTransport, type PortEnd } from '#engine/common/rpc/message-port-transport.ts'
import { type Bridge, portMessage } from '#preload/contract/bridge.ts'
import { desktopContract } from '#preload/contract/desktop-methods.ts'
import { createDesktopHost } from '#renderer/host/desktop-host.ts'
import type { Connection } from './connection.ts'

/** The workbench answers at once; where it does not, it refuses. */
const patienceMilliseconds = 10_000

function portEnd(port: MessagePort): PortEnd {
  return {
    post: (message) => port.postMessage(message),
    close: () => port.close(),
    listen({ message, closed }) {
      port.addEventListener('message', ({ data }) => message(data))
      port.addEventListener('close', closed)
      port.start()
    }
  }
}

/** The port, which the preload script sends to its own window. */
async function acquirePort(bridge: Bridge<File>): Promise<MessagePort> {
  return await new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error('The workbench refused the connection.')),
      patienceMilliseconds
    )
    const take = ({ source, data, ports }: MessageEvent): void => {
      const [port] = ports
      if (source !== window || data !== portMessage || port === undefined) return
      clearTimeout(timer)
      window.removeEventListener('message', take)
      resolve(port)
    }
    window.addEventListener('message', take)
    bridge.connect()
  })
}

/** Connects, or rejects where no port comes. */
export async function connectToDesktopHost(bridge: Bridge<File>): Promise<Connection> {
  const transport = messagePortTransport(portEnd(await acquirePort(bridge)))
  const caller = createCaller(desktopContract, transport, reportError)
  return {
    caller,
    host: createDesktopHost(caller, bridge),
    dialogs: null,
    onClose: (listener) => transport.onClose(listener)
  }
}
