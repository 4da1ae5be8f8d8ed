/**
 * The workbench in a browser: the page over HTTP, its calls over a WebSocket, on 127.0.0.1 alone. Several tabs
 * look at one project; each hears of what the others change.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Logger } from 'pino'
import { type WebSocket, WebSocketServer } from 'ws'
import { errorToData, explainError } from '#engine/common/contract/errors.ts'
import { type Handlers, serve } from '#engine/common/rpc/serve.ts'
import { type FrameSocket, webSocketTransport } from '#engine/common/rpc/web-socket-transport.ts'
import { createWindowService, tellWindow, type WindowService } from '#main/api/serve-windows.ts'
import { containedHandlers } from '#main/hosts/page/contained-handlers.ts'
import { type FileRoots, openFileRoots } from '#main/hosts/page/file-roots.ts'
import { answerPageRequest } from '#main/hosts/page/page-files.ts'
import type { SupervisedEngine } from '#main/project/context.ts'
import { type BrowserContract, browserContract } from '#preload/contract/browser-methods.ts'
import { createToken, mayConnect, namesThisHost, subprotocol } from './request-guard.ts'

export type BrowserHostSettings = {
  readonly engine: SupervisedEngine
  /** The built page. */
  readonly pageFolder: string
  /** Folders that the page may see. */
  readonly roots: readonly string[]
  readonly recentFile: string
  /** The sample that ships with the program. */
  readonly sampleFolder: string
  /** The person's documents, among which copies of the sample go. */
  readonly documents: string
  /** 0: any free one. */
  readonly port: number
  readonly log: Logger
}

export type BrowserHost = {
  /** With the token in its fragment. */
  readonly url: string
  readonly service: WindowService
  /** Closes every connection, then the project. */
  close(): Promise<void>
}

/** Larger messages than any transfer needs are refused by the socket. */
const largestMessageBytes = 256 * 2 ** 20

function frameSocket(socket: WebSocket): FrameSocket {
  return {
    send: (frame) => socket.send(frame),
    close: () => socket.close(),
    listen({ frame, closed }) {
      socket.binaryType = 'arraybuffer'
      socket.on('message', (data) => {
        if (data instanceof ArrayBuffer) frame(new Uint8Array(data))
      })
      socket.on('close', () => closed('the window was closed'))
      // An error is followed by the close.
      socket.on('error', () => {})
    }
  }
}

function serveWindow(socket: WebSocket, service: WindowService, roots: FileRoots, log: Logger): void {
  const transport = webSocketTransport(frameSocket(socket))
  const handlers: Handlers<BrowserContract> = {
    ...containedHandlers(service.handlers, roots),
    'files.list': async ({ folder }) => await roots.list(folder)
  }
  const server = serve(browserContract, transport, handlers, (fault) =>
    log.warn(explainError(errorToData(fault)))
  )
  tellWindow(service, server, transport)
}

async function sendPageFile(
  pageFolder: string,
  { method, url = '/' }: IncomingMessage,
  response: ServerResponse
): Promise<void> {
  const { status, headers, body } = await answerPageRequest(pageFolder, method, url.replace(/[?#].*$/s, ''))
  response.writeHead(status, headers).end(body)
}

/** Starts to listen. Errors as `openFileRoots`, and the operating system's where the port is taken. */
export async function startBrowserHost(settings: BrowserHostSettings): Promise<BrowserHost> {
  const { pageFolder, log } = settings
  const roots = await openFileRoots(settings.roots)
  const { documents } = settings
  const service = createWindowService({ ...settings, documents: () => documents })
  const token = createToken()
  let port = settings.port

  const http = createServer((request, response) => {
    if (!namesThisHost(request, port)) {
      response.writeHead(403).end()
      return
    }
    sendPageFile(pageFolder, request, response).catch((fault: unknown) => {
      log.warn(explainError(errorToData(fault)))
      if (response.headersSent) response.destroy()
      else response.writeHead(500).end()
    })
  })
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: largestMessageBytes,
    handleProtocols: () => subprotocol
  })
  http.on('upgrade', (request, socket, head) => {
    // Whoever asks may reset the connection at any time, token or not; an error that nobody hears ends the process.
    socket.on('error', (fault) => log.info(fault, 'a connection broke off'))
    if (!mayConnect(request, port, token)) {
      log.warn({ origin: request.headers.origin, host: request.headers.host }, 'a connection was refused')
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n')
      return
    }
    sockets.handleUpgrade(request, socket, head, (open) => serveWindow(open, service, roots, log))
  })
  await new Promise<void>((resolve, reject) => {
    http.once('error', reject)
    http.listen(port, '127.0.0.1', resolve)
  })
  port = portOf(http.address(), port)

  return {
    url: `http://127.0.0.1:${port}/#token=${token}`,
    service,
    async close() {
      const stopped = new Promise<void>((resolve) => http.close(() => resolve()))
      for (const socket of sockets.clients) socket.terminate()
      http.closeAllConnections()
      await stopped
      await service.close()
    }
  }
}

function portOf(address: AddressInfo | string | null, asked: number): number {
  return typeof address === 'object' && address !== null ? address.port : asked
}
