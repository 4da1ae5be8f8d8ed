import { readdir, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { build } from 'vite'

const root = resolve(import.meta.dirname, '../..')

/** What is built, with the folders and files that decide how: `npm ci` has built it a moment before the tests of a new clone. */
const sources = [
  ...['engine', 'main', 'preload', 'renderer'],
  ...['package.json', 'package-lock.json', 'vite.config.ts', 'tsconfig.base.json']
]

/** One file of each of the three builds. */
const results = ['start.js', 'preload.cjs', 'renderer/index.html'].map((name) => join('out', name))

/** When a file was changed, in milliseconds; 0 for one that is not there. */
async function changed(path: string): Promise<number> {
  return await stat(join(root, path)).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0
  )
}

/** When the newest of what lies in a folder was changed: the folders too, which change where a file is taken away. */
async function newestIn(folder: string): Promise<number> {
  const below = await readdir(join(root, folder), { recursive: true }).catch(() => [])
  const times = await Promise.all([folder, ...below.map((name) => join(folder, name))].map(changed))
  return Math.max(...times)
}

async function isBuilt(): Promise<boolean> {
  const newest = Math.max(...(await Promise.all(sources.map(newestIn))))
  const oldest = Math.min(...(await Promise.all(results.map(changed))))
  return newest < oldest
}

/** Builds `out/` before the tests where it is not newer than its sources: the process and command-line tests run the built files. */
export default async function buildOnce(): Promise<void> {
  if (process.env['ANCHORAGE_SKIP_BUILD'] !== undefined) return
  if (!(await isBuilt())) {
    await build({ logLevel: 'warn' })
    for (const part of ['preload', 'renderer']) await build({ root: part, logLevel: 'warn' })
  }
  // Each project of vitest.config.ts asks for it.
  process.env['ANCHORAGE_SKIP_BUILD'] = '1'
}
