/** Requests of strangers to the browser host: without token, broken off, malformed, many at once. It answers on. */

import { mkdir } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { seededIndices } from '#engine/common/random/seeded-random.ts'
import { type Host, startHost } from './browser-hosts.ts'
import { noteEnd, noteLoss, type Outcome, outcome, type Part } from './outcome.ts'

type Request = { readonly what: string; readonly bytes: Buffer; readonly reset: boolean }

const methods = ['GET', 'POST', 'HEAD', 'PUT', 'OPTIONS', 'TRACE', 'CONNECT', 'G\u0000T']
const paths = [
  '/',
  '/index.html',
  '/../../etc/passwd',
  '/%2e%2e/%2e%2e/etc/passwd',
  '/%',
  '/%00',
  '//etc/passwd',
  `/${'a'.repeat(9000)}`,
  '/assets/../../package.json',
  '*',
  'http://evil.example/'
]

function makeRequest({ address }: Host, pick: (count: number) => number): Request {
  const hosts = [address.host, 'evil.example', '', `127.0.0.1:1`]
  const headers = [`Host: ${hosts[pick(hosts.length)]}`]
  const isUpgrade = pick(2) === 0
  if (isUpgrade) {
    const origins = [address.origin, 'http://evil.example', 'null', '']
    headers.push('Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13')
    headers.push(
      `Sec-WebSocket-Key: ${['AAAAAAAAAAAAAAAAAAAAAA==', 'x', ''][pick(3)]}`,
      `Origin: ${origins[pick(origins.length)]}`
    )
    const token = Array.from({ length: 48 }, () => pick(16).toString(16)).join('')
    headers.push(`Sec-WebSocket-Protocol: anchorage, token.${[token, '', 'x'.repeat(pick(9000))][pick(3)]}`)
  }
  if (pick(8) === 0) headers.push(`X: ${'y'.repeat(pick(30_000))}`)
  if (pick(8) === 0) headers.push('Content-Length: 99999999999', 'Transfer-Encoding: chunked')
  const text = `${methods[pick(methods.length)]} ${paths[pick(paths.length)]} HTTP/1.1\r\n${headers.join('\r\n')}\r\n\r\n`
  const whole = Buffer.from(pick(10) === 0 ? `${text}\u0000\u0001garbage` : text, 'latin1')
  const bytes = pick(4) === 0 ? whole.subarray(0, pick(whole.length)) : whole
  return { what: isUpgrade ? 'an upgrade' : 'a request', bytes, reset: pick(2) === 0 }
}

/** The status of the answer, `reset` where none was waited for, `closed` where none came. */
function send({ address }: Host, { bytes, reset }: Request): Promise<string> {
  return new Promise((resolve) => {
    let answer = ''
    const socket = connect({ host: '127.0.0.1', port: Number(address.port) }, () => {
      socket.write(bytes, () => {
        if (reset) socket.resetAndDestroy()
      })
    })
    socket.setTimeout(500, () => socket.destroy())
    socket.on('data', (data) => {
      answer += data.toString('latin1', 0, 64)
      socket.destroy()
    })
    socket.on('error', () => {})
    socket.once('close', () => resolve(reset ? 'reset' : (/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1] ?? 'closed')))
  })
}

const answersOn = async ({ address }: Host): Promise<boolean> =>
  await fetch(address).then(
    ({ status }) => status === 200,
    () => false
  )

export const tortureHost: Part = async ({ seed, until, folder }) => {
  const results: Record<'alone' | 'together', Outcome> = {
    alone: outcome('requests, one by one'),
    together: outcome('requests, 50 at once')
  }
  const pick = seededIndices(seed)
  await mkdir(join(folder, 'root'))
  const begin = (): Promise<Host> => startHost(join(folder, 'root'), join(folder, 'settings'))
  let host = await begin()
  while (performance.now() < until) {
    for (const [kind, count] of [
      ['alone', 1],
      ['together', 50]
    ] as const) {
      const requests = Array.from({ length: count }, () => makeRequest(host, pick))
      const started = performance.now()
      const statuses = await Promise.all(requests.map((request) => send(host, request)))
      const milliseconds = performance.now() - started
      for (const status of statuses) {
        if (status === '101')
          noteLoss(results[kind], 'a connection was opened without the token', milliseconds)
        else noteEnd(results[kind], status, milliseconds)
      }
      if (!host.hasEnded() && (await answersOn(host))) continue
      const last = requests.at(-1)
      noteLoss(
        results[kind],
        `the host answers no more after ${last?.what}: ${JSON.stringify(last?.bytes.toString('latin1').slice(0, 300))}`,
        milliseconds
      )
      host.child.kill('SIGKILL')
      host = await begin()
    }
  }
  host.child.kill('SIGTERM')
  return Object.values(results)
}
