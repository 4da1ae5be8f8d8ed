/**
 * A transport over a message port, which carries typed arrays as they are. The desktop host joins its window, the
 * workbench and the engine with ports; a page's port and Electron's have other types for the same thing.
 */
import { createClosing, createListeners } from './listeners.ts'
import type { Transport } from './transport.ts'

/** What is needed of a port. */
export type PortEnd = {
  /** Throws where the message can't be cloned. */
  post(message: unknown): void
  close(): void
  /** Called once; `closed` is called when the other end is gone. */
  listen(listeners: { message: (message: unknown) => void; closed: () => void }): void
}

/** What is used of Electron's `MessagePortMain`. */
export type EmittingPort = {
  postMessage(message: unknown): void
  on(event: 'message', listener: (event: { data: unknown }) => void): unknown
  on(event: 'close', listener: () => void): unknown
  start(): void
  close(): void
}

/** An end from a port of Electron's main or utility process. */
export function emittingPortEnd(port: EmittingPort): PortEnd {
  return {
    post: (message) => port.postMessage(message),
    close: () => port.close(),
    listen({ message, closed }) {
      port.on('message', ({ data }) => message(data))
      port.on('close', closed)
      port.start()
    }
  }
}

export function messagePortTransport(port: PortEnd): Transport {
  const messages = createListeners<unknown>()
  const closing = createClosing()
  port.listen({ message: messages.emit, closed: () => closing.close('the other side is gone') })
  return {
    send(message) {
      if (!closing.isClosed()) port.post(message)
    },
    onMessage: messages.add,
    onClose: closing.onClose,
    close() {
      port.close()
      closing.close('the connection was closed')
    }
  }
}
