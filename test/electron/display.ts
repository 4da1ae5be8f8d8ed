/** A display to show windows on: the one of the machine, else a virtual one while the tests run. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'

type Display = { readonly name: string; end(): void }

/** @throws Error where there is neither a display nor Xvfb */
export async function openDisplay(): Promise<Display> {
  const { DISPLAY } = process.env
  if (process.platform !== 'linux' || DISPLAY) return { name: DISPLAY ?? '', end() {} }
  // It finds a free number by itself and says which.
  const server: ChildProcess = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1440x900x24'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe']
  })
  const said = server.stdio[3]
  const started = said == null ? Promise.reject(new Error('Xvfb says nothing')) : once(said, 'data')
  const failed = once(server, 'error').then(([error]) => {
    throw new Error('There is no display here and Xvfb can’t be started.', { cause: error })
  })
  const ended = once(server, 'exit').then(([code]) => {
    throw new Error(`There is no display here and Xvfb ended with ${code}.`)
  })
  const [number] = await Promise.race([started, failed, ended])
  ended.catch(() => {})
  return { name: `:${String(number).trim()}`, end: () => server.kill() }
}
