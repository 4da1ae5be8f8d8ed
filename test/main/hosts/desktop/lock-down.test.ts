/** What a window may not do: each a wish that must be denied. */
import { BrowserWindow, session } from 'electron'
import { describe, expect, it } from 'vitest'
import { lockDownContents, lockDownSession } from '#main/hosts/desktop/lock-down.ts'
import { preventable, sessionHandlers } from '#test/support/electron/substitute.ts'
import { BrowserWindow as SubstituteWindow } from '#test/support/electron/windows.ts'

function isBlocked(url: string): boolean {
  let blocked: boolean | undefined
  sessionHandlers.beforeRequest({ url }, ({ cancel }) => {
    blocked = cancel
  })
  if (blocked === undefined) throw new Error('the request was left hanging')
  return blocked
}

describe('a session', () => {
  it('grants nothing', () => {
    lockDownSession(session.defaultSession, { devTools: false })
    const granted: boolean[] = []
    for (const permission of ['media', 'geolocation', 'clipboard-read', 'openExternal', 'fileSystem'])
      sessionHandlers.permissionRequest(null, permission, (answer) => granted.push(answer))
    expect(granted).toEqual([false, false, false, false, false])
    expect(sessionHandlers.permissionCheck()).toBe(false)
    expect(sessionHandlers.devicePermission()).toBe(false)
  })

  it('reaches no network and no file, only the page and what the page makes', () => {
    lockDownSession(session.defaultSession, { devTools: false })
    const refused = ['https://example.com/', 'http://127.0.0.1:1/', 'ws://127.0.0.1/', 'file:///etc/passwd']
    for (const url of [...refused, 'app://evil/', 'devtools://devtools/x', 'not an address'])
      expect([url, isBlocked(url)]).toEqual([url, true])
    for (const url of ['app://anchorage/assets/a.js', 'data:image/png,', 'blob:app://anchorage/1'])
      expect([url, isBlocked(url)]).toEqual([url, false])
  })

  it('lets a developer look into the page', () => {
    lockDownSession(session.defaultSession, { devTools: true })
    expect(isBlocked('devtools://devtools/bundled/inspector.html')).toBe(false)
    expect(isBlocked('https://example.com/')).toBe(true)
  })
})

describe('a window', () => {
  lockDownContents(new BrowserWindow().webContents)
  const { webContents } = SubstituteWindow.last

  it.each(['will-navigate', 'will-frame-navigate', 'will-redirect'])('stays on our page at %s', (name) => {
    for (const [url, stays] of [
      ['https://example.com/', true],
      ['file:///etc/passwd', true],
      ['javascript:alert(1)', true],
      ['app://evil/', true],
      ['app://anchorage/', false]
    ] as const) {
      const event = { ...preventable(), url }
      webContents.emit(name, event)
      expect([url, event.defaultPrevented]).toEqual([url, stays])
    }
  })

  it('looks for no addresses of this computer, which WebRTC would tell', () => {
    expect(webContents.webRTCPolicy).toBe('disable_non_proxied_udp')
  })

  it('opens no other window and no view', () => {
    expect(webContents.windowOpenHandler?.({ url: 'app://anchorage/' })).toEqual({ action: 'deny' })
    const event = preventable()
    webContents.emit('will-attach-webview', event)
    expect(event.defaultPrevented).toBe(true)
  })
})
