/** The page's own protocol, `app://anchorage/`: the built page's files alone, with the policy of every host. */
import { type Protocol, protocol } from 'electron'
import { answerPageRequest } from '#main/hosts/page/page-files.ts'

const scheme = 'app'
const host = 'anchorage'

export const pageAddress = `${scheme}://${host}/`

/** Whether an address is one of our page's, whatever its fragment. */
export function isOurPage(address: string): boolean {
  if (!URL.canParse(address)) return false
  const { protocol, host: named, username } = new URL(address)
  return protocol === `${scheme}:` && named === host && username === ''
}

/** Gives the scheme an origin of its own, as https has. To be called before the application is ready. */
export function registerPageScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } }
  ])
}

/** Answers the protocol's requests with files of `folder`. */
export function servePage(where: Protocol, folder: string): void {
  where.handle(scheme, async ({ method, url }) => {
    if (!isOurPage(url)) return new Response('There is no such page.', { status: 404 })
    const { status, headers, body } = await answerPageRequest(folder, method, new URL(url).pathname)
    return new Response(body, { status, headers })
  })
}
