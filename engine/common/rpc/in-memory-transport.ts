/**
 * Two transports joined inside one process. Every message is structured-cloned, as between processes, so
 * that what could not cross there cannot cross here.
 */
import { createClosing, createListeners, type Listeners } from './listeners.ts'
import type { Transport } from './transport.ts'

/** A joined pair: what one side sends, the other receives; either side closes both. */
export function createTransportPair(): [Transport, Transport] {
  const [left, right] = [createListeners<unknown>(), createListeners<unknown>()]
  const closing = createClosing()

  const side = (incoming: Listeners<unknown>, outgoing: Listeners<unknown>): Transport => ({
    send(message) {
      if (closing.isClosed()) return
      const cloned: unknown = structuredClone(message)
      queueMicrotask(() => {
        if (!closing.isClosed()) outgoing.emit(cloned)
      })
    },
    onMessage: incoming.add,
    onClose: closing.onClose,
    // Queued behind the messages sent before, as the end of a pipe is.
    close: () => queueMicrotask(() => closing.close('the connection was closed'))
  })
  return [side(left, right), side(right, left)]
}
