/** Which host `npm start` starts, and what it says. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { expect, it, onTestFinished } from 'vitest'
import { electronRuntime } from '#main/hosts/start/electron-runtime.ts'
import { temporaryFolder } from '#test/support/temporary-folder.ts'

it('finds the runtime where its package put it', async () => {
  const [folder, elsewhere] = [await temporaryFolder(), await temporaryFolder()]
  expect(electronRuntime(folder)).toBeNull()
  await writeFile(join(folder, 'path.txt'), 'electron\n')
  expect(electronRuntime(folder)).toBeNull()
  await mkdir(join(folder, 'dist'))
  await writeFile(join(folder, 'dist', 'electron'), '')
  expect(electronRuntime(folder)).toBe(join(folder, 'dist', 'electron'))
  expect(electronRuntime(folder, elsewhere)).toBeNull()
})

const start = resolve(import.meta.dirname, '../../../../out/start.js')

it.skipIf(process.platform === 'win32')(
  'starts the browser where there is no runtime, saying so in one line',
  async () => {
    // No opener is found on this path, so that no browser of this machine is started.
    const path = await temporaryFolder()
    const settings = await temporaryFolder()
    const child = spawn(process.execPath, [start, '--settings', settings], {
      env: { ...process.env, PATH: path, ELECTRON_OVERRIDE_DIST_PATH: path, DISPLAY: ':0' }
    })
    onTestFinished(() => {
      child.kill('SIGKILL')
    })
    const said: string[] = []
    for await (const line of createInterface({ input: child.stdout })) {
      said.push(line)
      if (said.length === 4) child.kill('SIGTERM')
    }
    expect(said).toEqual([
      'There is no Electron runtime here: the workbench opens in your browser.',
      expect.stringMatching(/^Anchorage is at http:\/\/127\.0\.0\.1:\d+\/#token=[0-9a-f]{48}$/),
      'Press Ctrl-C to end.',
      'There is no browser to start here: open the address above.'
    ])
    if (child.exitCode === null) await once(child, 'exit')
    expect(child.exitCode).toBe(0)
  }
)

it('says why nothing can be packaged without a runtime', async () => {
  const script = resolve(import.meta.dirname, '../../../../main/hosts/start/require-runtime.ts')
  const child = spawn(process.execPath, ['--import', 'tsx', script])
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString()
  })
  const [code] = await once(child, 'close')
  const has = electronRuntime(resolve(import.meta.dirname, '../../../../node_modules/electron')) !== null
  expect(code).toBe(has ? 0 : 1)
  if (!has) expect(said).toContain('`npx install-electron` fetches it')
})
