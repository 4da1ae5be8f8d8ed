/** The host where the page is a window of the desktop application: the system's own dialogs, asked for by the RPC. */
import type { Caller } from '#engine/common/rpc/caller.ts'
import type { Bridge } from '#preload/contract/bridge.ts'
import type { DesktopContract } from '#preload/contract/desktop-methods.ts'
import type { Host } from './host.ts'

export function createDesktopHost({ call, onEvent }: Caller<DesktopContract>, bridge: Bridge<File>): Host {
  return {
    choose: async (choice) => (await call('host.choose', choice)).path,
    chooseNew: async (choice) => (await call('host.chooseNew', choice)).path,
    saveFile: async (file) => (await call('host.saveFile', file)).saved,
    copyText: async (text) => {
      await call('host.copyText', { text })
    },
    openLink: async (url) => {
      await call('host.openLink', { url })
    },
    reveal: async (path) => {
      await call('host.reveal', { path })
    },
    pathOfDropped: (file) => bridge.pathOfDropped(file) || null,
    onCommand: (listener) => onEvent('host.command', listener)
  }
}
