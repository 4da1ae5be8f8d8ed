/** The built preload script, run as in Electron's sandbox: what it requires, and what it gives to the page. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { runInNewContext } from 'node:vm'
import { expect, it } from 'vitest'

const script = readFileSync(fileURLToPath(new URL('../../out/preload.cjs', import.meta.url)), 'utf8')

type Posted = { message: unknown; ports: unknown }

/** Runs the script; everything that it does is written down. */
function runPreload() {
  const given: Record<string, Record<string, (value?: unknown) => unknown>> = {}
  const sent: string[] = []
  const posted: Posted[] = []
  const listeners = new Map<string, (event: unknown) => void>()
  const electron = {
    contextBridge: {
      exposeInMainWorld: (name: string, value: (typeof given)[string]) => {
        given[name] = value
      }
    },
    ipcRenderer: {
      send: (channel: string) => sent.push(channel),
      on: (channel: string, listener: (event: unknown) => void) => listeners.set(channel, listener)
    },
    webUtils: { getPathForFile: (file: unknown) => `path of ${String(file)}` }
  }
  const required: string[] = []
  runInNewContext(script, {
    require: (name: string) => {
      required.push(name)
      return electron
    },
    window: {
      postMessage: (message: unknown, _target: string, ports: unknown) => posted.push({ message, ports })
    }
  })
  return { given, sent, posted, listeners, required }
}

it('requires Electron alone, and gives the page one bridge of two functions', () => {
  const { given, required } = runPreload()
  expect(required).toEqual(['electron'])
  expect(Object.keys(given)).toEqual(['anchorageBridge'])
  expect(Object.keys(given['anchorageBridge'])).toEqual(['connect', 'pathOfDropped'])
})

it('asks for a port when the page does, and hands on the one that comes', () => {
  const { given, sent, posted, listeners } = runPreload()
  expect(sent).toEqual([])
  given['anchorageBridge']['connect']()
  expect(sent).toEqual(['anchorage:connect'])
  expect([...listeners.keys()]).toEqual(['anchorage:port'])
  const ports = ['the port']
  listeners.get('anchorage:port')?.({ ports, sender: 'nothing of it reaches the page' })
  expect(posted).toEqual([{ message: 'anchorage:port', ports }])
})

it('tells the path of a dropped file', () => {
  const { given } = runPreload()
  expect(given['anchorageBridge']['pathOfDropped']('experiment.anchorage')).toBe(
    'path of experiment.anchorage'
  )
})
