/** The child's end of the channel to the process that started it with `child_process.fork`. */
import { AnchorageError } from '#engine/common/contract/errors.ts'
import { createClosing, createListeners } from './listeners.ts'
import type { Transport } from './transport.ts'

/** A transport to the parent process. Throws `bad-argument` where there is no parent to speak to. */
export function parentProcessTransport(): Transport {
  if (process.send === undefined) {
    throw new AnchorageError(
      'bad-argument',
      'The process was started without a channel to the one that started it.',
      {
        expected: 'a parent process that starts it with child_process.fork',
        next: 'Use the anchorage command; it starts the engine by itself.'
      }
    )
  }
  const send = process.send.bind(process)
  const messages = createListeners<unknown>()
  const closing = createClosing()
  process.on('message', (message) => messages.emit(message))
  process.once('disconnect', () => closing.close('the parent process closed the channel'))

  return {
    send(message) {
      // Failures to write are followed by the disconnect.
      if (process.connected) send(message, undefined, undefined, () => {})
    },
    onMessage: messages.add,
    onClose: closing.onClose,
    close() {
      if (process.connected) process.disconnect()
    }
  }
}
