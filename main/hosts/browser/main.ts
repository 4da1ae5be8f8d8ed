/** `npm run serve`: the workbench in a browser, until Ctrl-C. */
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Command } from 'commander'
import { pino } from 'pino'
import { errorToData, explainError } from '#engine/common/contract/errors.ts'
import { createEngineProcess } from '#main/engine-process/engine-process.ts'
import { forkEngine } from '#main/engine-process/fork-engine.ts'
import { documentsFolder } from '#main/sample/documents-folder.ts'
import { version } from '../../../package.json'
import { startBrowserHost } from './browser-host.ts'
import { openLink } from './open-link.ts'

type Options = { port: string; root: string[]; settings: string; open: boolean; verbose: boolean }

/** The engine's and the page's builds lie beside this one's. */
const built = (name: string): string => fileURLToPath(new URL(name, import.meta.url))

function untilAskedToEnd(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGINT', resolve)
    process.once('SIGTERM', resolve)
    // The terminal was closed.
    process.once('SIGHUP', resolve)
  })
}

async function run(project: string | undefined, options: Options): Promise<void> {
  const log = pino({ level: options.verbose ? 'info' : 'silent' }, pino.destination({ dest: 2, sync: true }))
  // Heard from the start on: whoever reads the address may ask for the end at once.
  const askedToEnd = untilAskedToEnd()
  const engine = createEngineProcess({ start: () => forkEngine(built('./engine.js'), log), log })
  try {
    const host = await startBrowserHost({
      engine,
      log,
      pageFolder: built('./renderer'),
      roots: options.root.length > 0 ? options.root : [process.cwd(), homedir()],
      sampleFolder: built('../assets/sample'),
      documents: await documentsFolder(),
      recentFile: join(options.settings, 'recent.json'),
      port: Number(options.port)
    })
    try {
      if (project !== undefined) await host.service.open(resolve(project))
      process.stdout.write(`Anchorage is at ${host.url}\nPress Ctrl-C to end.\n`)
      if (options.open) {
        const opened = await openLink(host.url)
        if (!opened) process.stdout.write('There is no browser to start here: open the address above.\n')
      }
      await askedToEnd
    } finally {
      await host.close()
    }
  } finally {
    await engine.stop()
  }
}

await new Command('anchorage-serve')
  .description('Serves the workbench to a browser of this computer.')
  .version(version)
  .argument('[project]', 'project file to open, NAME.anchorage')
  .option('--port <number>', 'port on 127.0.0.1; 0 for any free one', '0')
  .option(
    '--root <folder...>',
    'folders that the page may see (default: the working folder and your home)',
    []
  )
  .option(
    '--settings <folder>',
    'where the list of recent projects is kept',
    join(homedir(), '.config', 'anchorage')
  )
  .option('--open', 'open the page in the default browser', false)
  .option('--verbose', 'log to standard error', false)
  .action(async (project: string | undefined, options: Options) => {
    try {
      await run(project, options)
    } catch (error) {
      process.stderr.write(`${explainError(errorToData(error))}\n`)
      process.exitCode = 1
    }
  })
  .parseAsync()
