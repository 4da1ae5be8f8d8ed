import { build } from 'vite'

/** Builds `out/` once before the tests: the process and command-line tests run the built files. */
export default async function buildOnce(): Promise<void> {
  if (process.env['ANCHORAGE_SKIP_BUILD'] !== undefined) return
  await build({ logLevel: 'warn' })
  for (const root of ['preload', 'renderer']) await build({ root, logLevel: 'warn' })
  // Each project of vitest.config.ts asks for it.
  process.env['ANCHORAGE_SKIP_BUILD'] = '1'
}
