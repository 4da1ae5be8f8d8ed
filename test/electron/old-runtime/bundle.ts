/**
 * The built files as an application for Electron 22: bundled without ES modules, which its main process doesn't know, and
 * with what Node 16 and Chrome 108 lack put in front. What a shim stands for is not tested by it.
 */
import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { build, type Plugin } from 'esbuild'

const root = resolve(import.meta.dirname, '../../..')
const out = join(root, 'out')

/** What is not seen here though it runs, for whoever reads the outcome. */
export const hiddenByShims = [
  'ES modules and dynamic import in main and engine',
  'protocol.handle (here: registerBufferProtocol)',
  'webUtils (here: File.path) and the address of will-navigate events',
  'methods newer than ES2022, AbortSignal.any, fetch classes and web streams',
  'recursive readdir, availableMemory, tracingChannel'
] as const

/** Modules without `import.meta` know where they lie by `__dirname`: that of the bundle, beside which all is as in `out`. */
const importMeta: Plugin = {
  name: 'import-meta',
  setup(builder) {
    builder.onLoad({ filter: /[\\/]out[\\/].*\.js$/ }, ({ path }) => {
      const place = JSON.stringify(relative(out, path))
      const here = `require("node:url").pathToFileURL(require("node:path").join(__dirname, ${place})).href`
      return { loader: 'js', contents: readFileSync(path, 'utf8').replaceAll('import.meta.url', here) }
    })
  }
}

/** Replaces once, and fails where there is nothing to replace: the built file has changed then. */
function replaceIn(file: string, from: string, to: string): void {
  const text = readFileSync(file, 'utf8')
  if (!text.includes(from)) throw new Error(`${file} holds no ${from}`)
  writeFileSync(file, text.replace(from, to))
}

/** Makes the application in `folder` anew. */
export async function bundleForOldRuntime(folder: string): Promise<void> {
  const target = join(folder, 'out')
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(target, { recursive: true })
  const own: Record<string, unknown> = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ ...own, type: 'commonjs' }))
  for (const name of ['node_modules', 'assets']) symlinkSync(join(root, name), join(folder, name))
  await build({
    entryPoints: ['desktop-host', 'engine', 'check-experiment'].map((name) => join(out, `${name}.js`)),
    outdir: target,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node16',
    // vega: drawn with when a report is made, which the story doesn't do; it awaits at its top level.
    external: ['electron', 'onnxruntime-node', 'sqlite3', '@huggingface/tokenizers', 'vega', 'vega-lite'],
    supported: { 'dynamic-import': false },
    banner: { js: 'require("./shims-node16.cjs");' },
    plugins: [importMeta],
    logLevel: 'warning'
  })
  for (const name of ['shims-language.js', 'shims-node16.cjs', 'shims-electron22.cjs'])
    cpSync(resolve(import.meta.dirname, name), join(target, name))
  cpSync(join(out, 'preload.cjs'), join(target, 'preload.cjs'))
  const asked = 'electron.webUtils.getPathForFile(file)'
  replaceIn(join(target, 'preload.cjs'), asked, '(file.path ?? "")')
  cpSync(join(out, 'renderer'), join(target, 'renderer'), { recursive: true })
  cpSync(resolve(import.meta.dirname, 'shims-language.js'), join(target, 'renderer/assets/shims.js'))
  const script = '<script type="module"'
  replaceIn(join(target, 'renderer/index.html'), script, `<script src="./assets/shims.js"></script>${script}`)
}
