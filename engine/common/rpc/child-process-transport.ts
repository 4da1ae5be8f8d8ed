/** The parent's end of the channel to a Node child process started with `serialization: 'advanced'`. */
import type { ChildProcess } from 'node:child_process'
import { createClosing, createListeners } from './listeners.ts'
import { createProcessEnd } from './process-end.ts'
import type { Transport } from './transport.ts'

function describeExit(code: number | null, signal: NodeJS.Signals | null): string {
  return signal === null ? `the process exited with code ${code}` : `the process was ended by ${signal}`
}

/** A transport to a child process. It closes when the channel is drained and the process has ended. */
export function childProcessTransport(child: ChildProcess): Transport {
  const messages = createListeners<unknown>()
  const closing = createClosing()
  const end = createProcessEnd(closing.close)

  child.on('message', (message) => messages.emit(message))
  child.once('disconnect', end.drained)
  child.once('exit', (code, signal) => end.exited(describeExit(code, signal)))
  child.on('error', (error) => {
    // A process that never came to life has no exit; other errors are followed by one.
    if (child.pid === undefined) closing.close(`the process could not be started: ${error.message}`)
  })

  return {
    send(message) {
      if (closing.isClosed() || !child.connected) return
      if (typeof message !== 'object' || message === null) throw new TypeError('A message is an object.')
      // Failures to write are followed by the close, which says more.
      child.send(message, () => {})
    },
    onMessage: messages.add,
    onClose: closing.onClose,
    close() {
      if (child.connected) child.disconnect()
    }
  }
}
