/** What `npm ci` runs, and what `npm pack` puts into the package of the command line: what runs, and nothing else. */
import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { z } from 'zod'

const run = promisify(execFile)
const listing = z.array(z.object({ files: z.array(z.object({ path: z.string() })) })).length(1)

const root = resolve(import.meta.dirname, '..')
const lockFile = z.object({
  packages: z.record(z.string(), z.object({ hasInstallScript: z.boolean().default(false) }))
})

// onnxruntime's fetches CUDA. An npm that knows `allowScripts` asks that, an older one the lock file alone, where `npm install`
// writes the mark again: delete the line.
test('npm ci runs the install script of sqlite3, not that of onnxruntime', async () => {
  const { packages } = lockFile.parse(JSON.parse(await readFile(resolve(root, 'package-lock.json'), 'utf8')))
  const has = (name: string) => packages[`node_modules/${name}`]?.hasInstallScript
  expect({ sqlite3: has('sqlite3'), onnxruntime: has('onnxruntime-node') }).toEqual({
    sqlite3: true,
    onnxruntime: false
  })
})

test('the package holds the built program and the sample, no sources and no tests', async () => {
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
  const { stdout } = await run(npm, ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    cwd: root,
    shell: process.platform === 'win32'
  })
  const [{ files }] = listing.parse(JSON.parse(stdout))
  const paths = files.map(({ path }) => path)
  const needed = [
    'out/command-line.js',
    'out/engine.js',
    'out/browser-host.js',
    'out/renderer/index.html',
    'assets/sample/Sample.anchorage',
    'assets/experiments/paper.yaml',
    'LICENSE'
  ]
  expect(paths).toEqual(expect.arrayContaining(needed))
  const places = new Set(paths.map((path) => (path.includes('/') ? path.split('/')[0] : path)))
  const expected = ['CHANGELOG.md', 'CITATION.cff', 'LICENSE', 'README.md', 'assets', 'out', 'package.json']
  expect([...places].sort()).toEqual(expected)
  expect(paths.filter((path) => path.endsWith('.map'))).toEqual([])
})
