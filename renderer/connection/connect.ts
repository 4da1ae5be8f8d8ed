/** Connects the page to whichever host shows it: a window of the desktop application has a bridge, a browser has none. */
import { type Bridge, bridgeName } from '#preload/contract/bridge.ts'
import { connectToBrowserHost } from './browser-connection.tsx'
import type { Connection } from './connection.ts'
import { connectToDesktopHost } from './desktop-connection.ts'

declare global {
  interface Window {
    readonly [bridgeName]?: Bridge<File>
  }
}

/** Rejects where the host refuses. */
export async function connect(): Promise<Connection> {
  const bridge = window[bridgeName]
  return bridge === undefined ? await connectToBrowserHost() : await connectToDesktopHost(bridge)
}
