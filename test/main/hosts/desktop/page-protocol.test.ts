/** The page's own protocol: its files alone, under the policy of the page, at no other address. */
import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { session } from 'electron'
import { describe, expect, it } from 'vitest'
import { isOurPage, pageAddress, registerPageScheme, servePage } from '#main/hosts/desktop/page-protocol.ts'
import { protocol } from '#test/support/electron/substitute.ts'
import { temporaryFolder } from '#test/support/temporary-folder.ts'

/** Serves a page of one file, with a secret beside its folder and a link to it. */
async function serveSmallPage(): Promise<(path: string, method?: string) => Promise<Response>> {
  const folder = await temporaryFolder()
  const page = join(folder, 'page')
  await mkdir(page)
  await writeFile(join(page, 'index.html'), '<style nonce="__STYLE_NONCE__"></style>')
  await writeFile(join(folder, 'secret.html'), 'secret')
  await symlink(join(folder, 'secret.html'), join(page, 'link.html'))
  servePage(session.defaultSession.protocol, page)
  const handler = protocol.handlers.get('app')
  if (handler === undefined) throw new Error('the protocol is not handled')
  return (path, method = 'GET') => handler(new Request(path, { method }))
}

describe('our page', () => {
  it.each([pageAddress, `${pageAddress}#/models`, `${pageAddress}assets/index.js`])('is at %s', (address) => {
    expect(isOurPage(address)).toBe(true)
  })

  it.each([
    'https://anchorage/',
    'app://anchorage.evil.example/',
    'app://evil/',
    'app://anchorage@evil/',
    'app://evil@anchorage/',
    'app://anchorage:80/',
    'app:anchorage',
    'file:///anchorage/',
    'data:text/html,app://anchorage/',
    'about:blank',
    ''
  ])('is not at %j', (address) => {
    expect(isOurPage(address)).toBe(false)
  })
})

describe('the protocol', () => {
  it('has an origin of its own, secure and with no more rights than it needs', () => {
    registerPageScheme()
    expect(protocol.schemes).toEqual([
      { scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } }
    ])
  })

  it('sends the page with the policy of the browser host and a new nonce each time', async () => {
    const ask = await serveSmallPage()
    const [first, second] = [await ask(pageAddress), await ask(`${pageAddress}index.html`)]
    const policy = first.headers.get('content-security-policy') ?? ''
    expect(first.status).toBe(200)
    expect(first.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(policy).toMatch(/default-src 'none'; script-src 'self'; /)
    expect(policy).not.toMatch(/unsafe|\*|https?:/)
    const body = await first.text()
    expect(policy).toContain(`'nonce-${/nonce="([^"]+)"/.exec(body)?.[1]}'`)
    expect(await second.text()).not.toBe(body)
  })

  it.each([
    'app://anchorage/../secret.html',
    'app://anchorage/%2e%2e/secret.html',
    'app://anchorage/..%2fsecret.html',
    'app://anchorage/..%5csecret.html',
    'app://anchorage/link.html',
    'app://anchorage//secret.html',
    'app://anchorage/%00',
    'app://anchorage/%',
    'app://evil/index.html'
  ])('does not send %s', async (address) => {
    const ask = await serveSmallPage()
    const answer = await ask(address)
    expect(answer.status).toBe(404)
    expect(await answer.text()).not.toContain('secret')
  })

  it('answers no other method', async () => {
    const ask = await serveSmallPage()
    expect((await ask(pageAddress, 'POST')).status).toBe(405)
  })
})
