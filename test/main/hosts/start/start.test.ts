/** Which host `npm start` starts, and what it says. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { expect, it, onTestFinished } from 'vitest'
import { electronRuntime } from '#main/hosts/start/electron-runtime.ts'
import { sandboxObstacle } from '#main/hosts/start/sandbox.ts'
import { unsupportedSystem } from '#main/hosts/start/supported-system.ts'
import { temporaryFolder } from '#test/support/temporary-folder.ts'

it('finds the runtime where its package put it', async () => {
  const [folder, elsewhere] = [await temporaryFolder(), await temporaryFolder()]
  expect(electronRuntime(folder)).toBeNull()
  await writeFile(join(folder, 'path.txt'), 'electron\n')
  expect(electronRuntime(folder)).toBeNull()
  await mkdir(join(folder, 'dist'))
  await writeFile(join(folder, 'dist', 'electron'), '')
  expect(electronRuntime(folder)).toBe(join(folder, 'dist', 'electron'))
  expect(electronRuntime(folder, '')).toBe(join(folder, 'dist', 'electron'))
  expect(electronRuntime(folder, elsewhere)).toBeNull()
})

it.skipIf(process.platform !== 'linux')(
  'finds a runtime that lies elsewhere though the package fetched none',
  async () => {
    const [folder, elsewhere] = [await temporaryFolder(), await temporaryFolder()]
    await writeFile(join(elsewhere, 'electron'), '')
    expect(electronRuntime(folder, elsewhere)).toBe(join(elsewhere, 'electron'))
  }
)

it('knows where no sandbox can start, and says what helps', () => {
  const facts = { isRoot: false, helper: '/e/chrome-sandbox', hasHelper: false, hasUserNamespaces: false }
  expect(sandboxObstacle(facts)).toContain("sudo chmod 4755 '/e/chrome-sandbox'")
  expect(sandboxObstacle({ ...facts, hasHelper: true })).toBeNull()
  expect(sandboxObstacle({ ...facts, hasUserNamespaces: true })).toBeNull()
  // It can't be known: Chromium is tried.
  expect(sandboxObstacle({ ...facts, hasUserNamespaces: null })).toBeNull()
  expect(sandboxObstacle({ ...facts, isRoot: true, hasHelper: true })).toContain('root')
})

it('refuses a Mac without Apple silicon alone', () => {
  expect(unsupportedSystem('darwin', 'x64')).toContain('Apple silicon')
  expect([unsupportedSystem('darwin', 'arm64'), unsupportedSystem('linux', 'x64')]).toEqual([null, null])
})

const start = resolve(import.meta.dirname, '../../../../out/start.js')

/** What `npm start` says until the browser host is there; it is ended then. */
async function startSaying(lines: number, env: NodeJS.ProcessEnv, ...given: string[]) {
  const settings = await temporaryFolder()
  const child = spawn(process.execPath, [start, ...given, '--settings', settings], { env })
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  const said: string[] = []
  for await (const line of createInterface({ input: child.stdout })) {
    said.push(line)
    if (said.length === lines) child.kill('SIGTERM')
  }
  if (child.exitCode === null) await once(child, 'exit')
  return { said, code: child.exitCode }
}

const inBrowser = [
  'The workbench opens in your browser.',
  expect.stringMatching(/^Anchorage is at http:\/\/127\.0\.0\.1:\d+\/#token=[0-9a-f]{48}$/),
  'Press Ctrl-C to end.',
  'There is no browser to start here: open the address above.'
]

/** A folder with a program in Electron's place, and a path on which no opener of browsers is found. */
async function standIn(script: string): Promise<NodeJS.ProcessEnv> {
  const folder = await temporaryFolder()
  await writeFile(join(folder, 'electron'), `#!/bin/sh\n${script}\n`)
  await chmod(join(folder, 'electron'), 0o755)
  const path = await temporaryFolder()
  return { ...process.env, PATH: path, ELECTRON_OVERRIDE_DIST_PATH: folder }
}

it.skipIf(process.platform === 'win32')(
  'starts the browser where there is no runtime, saying so in one line',
  async () => {
    // No opener is found on this path, so that no browser of this machine is started.
    const path = await temporaryFolder()
    const env = { ...process.env, PATH: path, ELECTRON_OVERRIDE_DIST_PATH: path, DISPLAY: ':0' }
    const { said, code } = await startSaying(5, env)
    expect(said).toEqual(['There is no Electron runtime here.', ...inBrowser])
    expect(code).toBe(0)
  }
)

it.skipIf(process.platform !== 'linux')('starts the browser where there is no display', async () => {
  const env = { ...(await standIn('exit 3')), DISPLAY: '', WAYLAND_DISPLAY: '' }
  expect((await startSaying(5, env)).said).toEqual(['There is no display here.', ...inBrowser])
})

it.skipIf(process.platform !== 'linux')(
  'starts the window on Wayland alone, and never as plain Node',
  async () => {
    const env = {
      ...(await standIn('echo "as node: $ELECTRON_RUN_AS_NODE"; exit 3')),
      ...{ DISPLAY: '', WAYLAND_DISPLAY: 'wayland-0', ELECTRON_RUN_AS_NODE: '1' }
    }
    expect(await startSaying(9, env, '--no-sandbox')).toEqual({ said: ['as node: '], code: 3 })
  }
)

it.skipIf(process.platform !== 'linux')(
  'starts the browser where the window dies at once, and says what may help',
  async () => {
    // Chromium's own end where its sandbox can't start. With the switch, root gets as far.
    const env = { ...(await standIn('kill -TRAP $$')), DISPLAY: ':0' }
    const { said } = await startSaying(9, env, '--no-sandbox')
    expect(said[0]).toContain('The window ended at once (SIGTRAP)')
    expect(said[1]).toContain('chmod 4755')
    expect(said.slice(5)).toEqual(inBrowser)
  }
)

it.skipIf(process.platform !== 'linux')(
  'passes on what ends its group, which does not reach the processes of the window',
  async () => {
    // A window with a process of its own that would say that it was hit.
    const script = `
      (trap 'echo hit' TERM HUP; while :; do sleep 0.1; done) &
      trap 'kill -KILL $!; exit 7' TERM
      echo ready
      while :; do sleep 0.1; done`
    const env = { ...(await standIn(script)), PATH: process.env['PATH'], DISPLAY: ':0' }
    for (const signal of ['SIGTERM', 'SIGHUP', 'SIGINT'] as const) {
      const child = spawn(process.execPath, [start, '--no-sandbox'], { env, detached: true })
      onTestFinished(() => {
        child.kill('SIGKILL')
      })
      const said: string[] = []
      for await (const line of createInterface({ input: child.stdout })) {
        said.push(line)
        if (line === 'ready' && child.pid !== undefined) process.kill(-child.pid, signal)
      }
      if (child.exitCode === null) await once(child, 'exit')
      expect([signal, said, child.exitCode]).toEqual([signal, ['ready'], 7])
    }
  }
)

it('says why nothing can be packaged without a runtime', async () => {
  const script = resolve(import.meta.dirname, '../../../../main/hosts/start/make-packages.ts')
  const env = { ...process.env, ELECTRON_OVERRIDE_DIST_PATH: await temporaryFolder() }
  const child = spawn(process.execPath, ['--import', 'tsx', script], { env })
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString()
  })
  expect(await once(child, 'close')).toEqual([1, null])
  expect(said).toContain('`npx install-electron` fetches it')
})
