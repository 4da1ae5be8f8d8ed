/** The parent's end of the channel to a Node child process started with `serialization: 'advanced'`. */
import type { ChildProcess } from 'node:child_process'
import { createClosing, createListeners } from './listeners.ts'
import type { Transport } from './transport.ts'

/** How long the second of "channel closed" and "process ended" is waited for after the first. */
const secondSignMilliseconds = 1000

function describeExit(code: number | null, signal: NodeJS.Signals | null): string {
  return signal === null ? `the process exited with code ${code}` : `the process was ended by ${signal}`
}

/**
 * A transport to a child process. It closes when the channel is drained and the process has ended, so that
 * the last messages arrive and the reason says how it ended.
 */
export function childProcessTransport(child: ChildProcess): Transport {
  const messages = createListeners<unknown>()
  const closing = createClosing()
  let exit: string | undefined
  let timer: NodeJS.Timeout | undefined

  const endSoon = (): void => {
    const end = (): void => {
      clearTimeout(timer)
      closing.close(exit ?? 'the process closed its channel')
    }
    if (exit !== undefined && !child.connected) end()
    else timer ??= setTimeout(end, secondSignMilliseconds)
  }

  child.on('message', (message) => messages.emit(message))
  child.once('disconnect', endSoon)
  child.once('exit', (code, signal) => {
    exit = describeExit(code, signal)
    endSoon()
  })
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
