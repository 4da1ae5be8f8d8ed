/**
 * What the RPC needs of a connection between two processes. Adapters for a kind of connection live beside
 * this file, one each, and know nothing of calls. Messages are structured-cloned and arrive in order.
 */

/** Takes a listener away again. */
export type Unsubscribe = () => void

export type Transport = {
  /**
   * Sends one message; after the close it does nothing.
   * Throws at once where the message cannot be cloned, and nothing is sent then.
   */
  send(message: unknown): void
  onMessage(listener: (message: unknown) => void): Unsubscribe
  /** Called once with the reason, at once where the connection is closed already. */
  onClose(listener: (reason: string) => void): Unsubscribe
  close(): void
}
