/** What a window may not do: ask for permissions, reach a network, leave our page, open others. All is denied. */
import type { Session, WebContents } from 'electron'
import { isOurPage } from './page-protocol.ts'

/** What the page makes itself, besides its own files. */
const madeInPage = ['data:', 'blob:']

function mayBeLoaded(address: string, devTools: boolean): boolean {
  const protocol = URL.canParse(address) ? new URL(address).protocol : ''
  return isOurPage(address) || madeInPage.includes(protocol) || (devTools && protocol === 'devtools:')
}

/** Denies every permission, device and request but for our own page. */
export function lockDownSession(session: Session, { devTools }: { devTools: boolean }): void {
  session.setPermissionRequestHandler((_contents, _permission, answer) => answer(false))
  session.setPermissionCheckHandler(() => false)
  session.setDevicePermissionHandler(() => false)
  session.webRequest.onBeforeRequest(({ url }, answer) => answer({ cancel: !mayBeLoaded(url, devTools) }))
}

/** Keeps a window on our page, which may be loaded again and nothing else; it opens no others and no connections. */
export function lockDownContents(contents: WebContents): void {
  const stay = (event: { url: string; preventDefault(): void }): void => {
    if (!isOurPage(event.url)) event.preventDefault()
  }
  // The policy of the page doesn't hold for the candidates that WebRTC gathers.
  contents.setWebRTCIPHandlingPolicy('disable_non_proxied_udp')
  contents.on('will-navigate', stay)
  contents.on('will-frame-navigate', stay)
  contents.on('will-redirect', stay)
  contents.on('will-attach-webview', (event) => event.preventDefault())
  contents.setWindowOpenHandler(() => ({ action: 'deny' }))
}
