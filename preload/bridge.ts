/**
 * The preload script of a desktop window: one self-contained file that runs in its sandbox and gives the page a port to
 * the workbench, on which the RPC speaks, and the paths of dropped files. The page gets nothing else of Electron.
 */
import { contextBridge, ipcRenderer, webUtils } from 'electron'
import { type Bridge, bridgeName, connectChannel, portMessage } from '#preload/contract/bridge.ts'

// A port can't cross the context bridge; a message of the window to itself carries it into the page.
ipcRenderer.on(portMessage, ({ ports }) => window.postMessage(portMessage, '*', ports))

contextBridge.exposeInMainWorld(bridgeName, {
  connect: () => ipcRenderer.send(connectChannel),
  pathOfDropped: (file) => webUtils.getPathForFile(file)
} satisfies Bridge<File>)
