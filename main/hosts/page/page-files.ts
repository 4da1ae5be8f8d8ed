/** The files of the built page, for every host: nothing outside of their folder, and with a policy that lets nothing else in. */
import { randomBytes } from 'node:crypto'
import { readFile, realpath } from 'node:fs/promises'
import { extname, isAbsolute, join, relative, sep } from 'node:path'

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2'
}

/** Where the page says the nonce of its styles; a new one takes its place in every answer. */
const noncePlace = '__STYLE_NONCE__'

function headers(nonce: string): Record<string, string> {
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'"
  ]
  return {
    'content-security-policy': policy.join('; '),
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'cache-control': 'no-store'
  }
}

/** The real path of the file that a request means, or undefined where there is none inside the folder. */
async function findFile(folder: string, pathname: string): Promise<string | undefined> {
  try {
    const name = decodeURIComponent(pathname)
    const [root, file] = [
      await realpath(folder),
      await realpath(join(folder, name === '/' ? 'index.html' : name))
    ]
    const way = relative(root, file)
    return way === '' || way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way) ? undefined : file
  } catch {
    return undefined
  }
}

export type PageAnswer = {
  readonly status: number
  readonly headers: Record<string, string>
  readonly body: string | Uint8Array<ArrayBuffer>
}

/**
 * The answer to a request for a file of `folder`: 405 for other than GET, 404 for what is not there or leads out.
 * @param pathname as it stands in the address, encoded
 */
export async function answerPageRequest(
  folder: string,
  method: string | undefined,
  pathname: string
): Promise<PageAnswer> {
  const nonce = randomBytes(16).toString('base64')
  const answer = (status: number, type: string, body: PageAnswer['body']): PageAnswer => ({
    status,
    headers: { ...headers(nonce), 'content-type': type },
    body
  })
  if (method !== 'GET') return answer(405, 'text/plain', 'Only GET is answered.')
  const file = await findFile(folder, pathname)
  const type = file === undefined ? undefined : contentTypes[extname(file)]
  if (file === undefined || type === undefined) return answer(404, 'text/plain', 'There is no such file.')
  const body = await readFile(file).catch(() => undefined)
  if (body === undefined) return answer(404, 'text/plain', 'There is no such file.')
  return answer(200, type, extname(file) === '.html' ? body.toString().replaceAll(noncePlace, nonce) : body)
}
