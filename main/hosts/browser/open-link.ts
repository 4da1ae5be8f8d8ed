/** Opens a link in the default browser of the person. */
import { spawn } from 'node:child_process'

const openers: Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>> = {
  darwin: ['open'],
  win32: ['explorer.exe'],
  linux: ['xdg-open']
}

/** Whether an opener was started; without one the person opens the link by hand. */
export async function openLink(url: string): Promise<boolean> {
  const opener = openers[process.platform]
  if (opener === undefined) return false
  const [command, ...options] = opener
  return await new Promise((resolve) => {
    const child = spawn(command, [...options, url], { stdio: 'ignore', detached: true })
    child.once('error', () => resolve(false))
    child.once('spawn', () => {
      child.unref()
      resolve(true)
    })
  })
}
