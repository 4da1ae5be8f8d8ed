/** A browser host of its own process, to be asked whatever strangers may ask. */
import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { built } from './commands.ts'

export type Host = {
  readonly child: ChildProcess
  readonly address: URL
  readonly token: string
  readonly hasEnded: () => boolean
}

/** Starts one that may see `root`, with settings in `settings`; it has ended where its process has. */
export async function startHost(root: string, settings: string): Promise<Host> {
  const child = spawn(process.execPath, [built('browser-host.js'), '--root', root, '--settings', settings], {
    stdio: ['ignore', 'pipe', 'ignore']
  })
  let isOver = false
  child.once('exit', () => {
    isOver = true
  })
  for await (const line of createInterface({ input: child.stdout })) {
    const found = /(http:\/\/127\.0\.0\.1:\d+\/)#token=(\w+)/.exec(line)
    if (found?.[1] === undefined || found[2] === undefined) continue
    child.stdout.resume()
    return { child, address: new URL(found[1]), token: found[2], hasEnded: () => isOver }
  }
  throw new Error('the browser host said no address')
}
