/** The two small sets of listeners that transports and the RPC are built on. */
import type { Unsubscribe } from './transport.ts'

export type Listeners<T> = {
  add(listener: (value: T) => void): Unsubscribe
  emit(value: T): void
}

/** Listeners to something that happens again and again. */
export function createListeners<T>(): Listeners<T> {
  const listeners = new Set<{ listener: (value: T) => void }>()
  return {
    add(listener) {
      const entry = { listener }
      listeners.add(entry)
      return () => listeners.delete(entry)
    },
    emit(value) {
      for (const { listener } of [...listeners]) listener(value)
    }
  }
}

export type Closing = {
  isClosed(): boolean
  close(reason: string): void
  onClose(listener: (reason: string) => void): Unsubscribe
}

/** Listeners to a close: it happens once, and who listens late is told at once. */
export function createClosing(): Closing {
  const listeners = createListeners<string>()
  let closedFor: string | undefined
  return {
    isClosed: () => closedFor !== undefined,
    close(reason) {
      if (closedFor !== undefined) return
      closedFor = reason
      listeners.emit(reason)
    },
    onClose(listener) {
      if (closedFor === undefined) return listeners.add(listener)
      listener(closedFor)
      return () => {}
    }
  }
}
