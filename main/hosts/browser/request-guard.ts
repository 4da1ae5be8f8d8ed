/**
 * Who may speak to the host. It listens on 127.0.0.1 alone, but every page of the browser can send requests
 * there: so the name asked for and the page that asks must be ours, and the caller must hold the token.
 */
import { randomBytes, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

/** The subprotocol that the workbench speaks; the token comes beside it, where no log and no history keeps it. */
export const subprotocol = 'anchorage'
const tokenPrefix = 'token.'

/** A new secret for one run of the host. */
export function createToken(): string {
  return randomBytes(24).toString('hex')
}

/** Whether a request names this host: another name that resolves here (DNS rebinding) does not pass. */
export function namesThisHost(request: IncomingMessage, port: number): boolean {
  return request.headers.host === `127.0.0.1:${port}`
}

function holdsToken(request: IncomingMessage, token: string): boolean {
  const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((item) => item.trim())
  const given = offered.find((item) => item.startsWith(tokenPrefix))?.slice(tokenPrefix.length) ?? ''
  const [a, b] = [Buffer.from(given), Buffer.from(token)]
  return a.length === b.length && timingSafeEqual(a, b)
}

/** Whether a WebSocket may be opened: asked by our own page, which holds the token. */
export function mayConnect(request: IncomingMessage, port: number, token: string): boolean {
  const fromOurPage = request.headers.origin === `http://127.0.0.1:${port}`
  return namesThisHost(request, port) && fromOurPage && holdsToken(request, token)
}
