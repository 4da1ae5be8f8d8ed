/** The end of the application: in order, once, and in time. */
import { pino } from 'pino'
import { beforeEach, expect, it, vi } from 'vitest'
import { endInOrder } from '#main/hosts/desktop/shutdown.ts'
import { app } from '#test/support/electron/substitute.ts'
import { BrowserWindow } from '#test/support/electron/windows.ts'

const log = pino({ level: 'silent' })

beforeEach(() => {
  app.removeAllListeners()
  app.hasQuit = false
  BrowserWindow.made.length = 0
})

it('takes one step after the other before it quits, however often it is asked to', async () => {
  const taken: string[] = []
  const finish: (() => void)[] = []
  const step = (name: string) => async (): Promise<void> => {
    taken.push(`${name} begins`)
    await new Promise<void>((resolve) => finish.push(resolve))
    taken.push(`${name} is done`)
  }
  const window = new BrowserWindow({})
  endInOrder([step('the store'), step('the engine')], log)
  app.quit()
  app.quit()
  expect(taken).toEqual(['the store begins'])
  expect(window.told).toEqual(['hide'])
  expect(app.hasQuit).toBe(false)
  finish[0]()
  await vi.waitFor(() => expect(finish).toHaveLength(2))
  expect(app.hasQuit).toBe(false)
  finish[1]()
  await vi.waitFor(() => expect(app.hasQuit).toBe(true))
  expect(taken).toEqual(['the store begins', 'the store is done', 'the engine begins', 'the engine is done'])
})

it('begins when Windows ends the session, which asks for no quit', async () => {
  endInOrder([], log)
  const window = new BrowserWindow({})
  app.emit('browser-window-created', {}, window)
  window.emit('session-end')
  await vi.waitFor(() => expect(app.hasQuit).toBe(true))
})

it('goes on where a step fails', async () => {
  const taken: string[] = []
  const fail = () => Promise.reject(new Error('the disk is full'))
  endInOrder([fail, () => Promise.resolve(void taken.push('the engine'))], log)
  app.quit()
  await vi.waitFor(() => expect(app.hasQuit).toBe(true))
  expect(taken).toEqual(['the engine'])
})

it('does not wait for ever', async () => {
  endInOrder([() => new Promise(() => {})], log, 20)
  app.quit()
  expect(app.hasQuit).toBe(false)
  await vi.waitFor(() => expect(app.hasQuit).toBe(true))
})
