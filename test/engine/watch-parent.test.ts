/** The engine ends with who started it, whatever it is at. */
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { killAtOnce, nextMessage, runTypeScript } from '#test/support/run-typescript.ts'

const busyChild = fileURLToPath(new URL('../support/busy-child.ts', import.meta.url))

function isAlive(id: number): boolean {
  try {
    return process.kill(id, 0)
  } catch {
    return false
  }
}

test.skipIf(process.platform === 'win32')(
  'a process in the middle of endless work ends with its parent',
  async () => {
    const parent = runTypeScript(busyChild)
    const id = Number(await nextMessage(parent))
    onTestFinished(() => {
      if (isAlive(id)) process.kill(id, 'SIGKILL')
    })
    await new Promise((resolve) => setTimeout(resolve, 1500))
    expect(isAlive(id)).toBe(true)
    await killAtOnce(parent)
    await expect.poll(() => isAlive(id), { timeout: 20_000 }).toBe(false)
  }
)
