/**
 * A TypeScript file of the tests and what it imports as one script, for processes that are started often: a loader of
 * TypeScript takes longer to start than most of them.
 */
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { buildSync } from 'esbuild'

const built = new Map<string, string>()

/** The path of the script, which is made once in a process and goes with the cache of the tests. */
export function bundledScript(path: string): string {
  const known = built.get(path)
  if (known !== undefined) return known
  const folder = join(process.env['ANCHORAGE_CACHE'] ?? tmpdir(), `scripts-${process.pid}`)
  const outfile = join(folder, basename(path).replace(/ts$/, 'mjs'))
  buildSync({ entryPoints: [path], outfile, bundle: true, platform: 'node', format: 'esm' })
  built.set(path, outfile)
  return outfile
}
