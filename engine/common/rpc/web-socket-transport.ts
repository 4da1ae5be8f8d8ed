/** A transport over a WebSocket, the browser's or a server's: every message is one binary frame. */
import { decodeFrame, encodeFrame } from './frame-codec.ts'
import { createClosing, createListeners } from './listeners.ts'
import type { Transport } from './transport.ts'

/** What is needed of a socket; both ends have other types for the same thing. */
export type FrameSocket = {
  send(frame: Uint8Array<ArrayBuffer>): void
  close(): void
  /** Called once; `closed` is called once, at the end, with the reason. */
  listen(listeners: { frame: (bytes: Uint8Array) => void; closed: (reason: string) => void }): void
}

/** A transport over an open socket. A frame that can't be read closes it: what follows can't be trusted. */
export function webSocketTransport(socket: FrameSocket): Transport {
  const messages = createListeners<unknown>()
  const closing = createClosing()
  socket.listen({
    frame(bytes) {
      let message: unknown
      try {
        message = decodeFrame(bytes)
      } catch {
        socket.close()
        closing.close('a message could not be read')
        return
      }
      messages.emit(message)
    },
    closed: closing.close
  })
  return {
    send(message) {
      const frame = encodeFrame(message)
      if (!closing.isClosed()) socket.send(frame)
    },
    onMessage: messages.add,
    onClose: closing.onClose,
    close: socket.close
  }
}
