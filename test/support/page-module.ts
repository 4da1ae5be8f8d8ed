/** A module of the page, built on its own, for tests that run it in a Chromium with nothing around it. */
import { resolve } from 'node:path'
import { build } from 'vite'

const start = '\0start'

/** The script that evaluates `code`, in which the project's modules can be imported by `~/renderer/...`. */
export async function buildPageScript(code: string): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: 'warn',
    root: resolve(import.meta.dirname, '../..'),
    plugins: [
      {
        name: 'start',
        resolveId: (id) => (id === start ? id : undefined),
        load: (id) => (id === start ? code : undefined)
      }
    ],
    resolve: { alias: { '~': resolve(import.meta.dirname, '../..') } },
    build: { write: false, minify: false, rolldownOptions: { input: start, output: { format: 'iife' } } }
  })
  const [output] = Array.isArray(built) ? built : [built]
  if (!('output' in output)) throw new Error('nothing was built')
  return output.output[0].code
}
