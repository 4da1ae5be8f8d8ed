/** Makes folders one by one. Node's own way of making several at once never comes back below `/proc`. */
import { mkdir, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { systemCode } from '#engine/common/contract/errors.ts'

/**
 * Makes a folder and those above it that are missing.
 * @returns the uppermost that was made, or undefined where all were there
 * @throws the system's errors; `EEXIST` where a file stands in the way
 */
export async function makeFolders(folder: string): Promise<string | undefined> {
  const missing: string[] = []
  let first: string | undefined
  for (let path = resolve(folder); ; path = dirname(path)) {
    const code = await mkdir(path).then(
      () => null,
      (cause: unknown) => {
        const found = systemCode(cause)
        // What is there already is for those below, or for the last line, to find out about.
        if (found === 'EEXIST') return found
        if (found === 'ENOENT' && dirname(path) !== path) return found
        throw cause
      }
    )
    if (code === 'ENOENT') {
      missing.push(path)
      continue
    }
    if (code === null) first = path
    break
  }
  for (const path of missing.reverse()) {
    await mkdir(path).catch((cause: unknown) => {
      if (systemCode(cause) !== 'EEXIST') throw cause
    })
    first ??= path
  }
  await requireFolder(resolve(folder))
  return first
}

/** @throws `EEXIST` or `ENOTDIR` where something else stands there */
async function requireFolder(folder: string): Promise<void> {
  if ((await stat(folder)).isDirectory()) return
  throw Object.assign(new Error(`EEXIST: a file stands in the way, mkdir '${folder}'`), { code: 'EEXIST' })
}
