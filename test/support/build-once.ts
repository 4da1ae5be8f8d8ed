import { build } from 'vite'

/** Builds `out/` once before the tests: the process and command-line tests run the built files. */
export default async function buildOnce(): Promise<void> {
  if (process.env['ANCHORAGE_SKIP_BUILD'] !== undefined) return
  await build({ logLevel: 'warn' })
  await build({ root: 'renderer', logLevel: 'warn' })
}
