/** What `npm pack` puts into the package of the command line: what runs, and nothing else. */
import { execFile } from 'node:child_process'
import { resolve } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { z } from 'zod'

const run = promisify(execFile)
const listing = z.array(z.object({ files: z.array(z.object({ path: z.string() })) })).length(1)

test('the package holds the built program and the sample, no sources and no tests', async () => {
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
  const { stdout } = await run(npm, ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    cwd: resolve(import.meta.dirname, '..'),
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
