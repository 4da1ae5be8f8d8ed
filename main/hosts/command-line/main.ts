#!/usr/bin/env node
/**
 * The command line. What is done is done by the engine and the workbench. Loaded at once is only what its help and version
 * need: a command is loaded when it is called, what says errors when there is one.
 */
import { Command, CommanderError } from 'commander'
import type { ErrorCode, ErrorDetail } from '#engine/common/contract/errors.ts'
import { version } from '../../../package.json'
import { commands } from './command-table.ts'
import { exitCodes, exitCodesHelp } from './exit-codes.ts'

const json = process.argv.includes('--json')

const program = new Command('anchorage')
  .description('Transfers continuous prompts between language models.')
  .version(version)
  .option('--json', 'print one JSON document instead of text')
  .option('--verbose', 'log what the engine does to standard error')
  .showHelpAfterError('(add --help for the options)')
  .addHelpText('after', exitCodesHelp)
  .exitOverride()
  // With `--json`, what went wrong is one document on standard output.
  .configureOutput(json ? { writeErr: () => {} } : {})

for (const [name, { description }] of Object.entries(commands)) program.command(name).description(description)
// The name comes before its options; before it there may be those of the program, which take no value.
const [first, second] = process.argv.slice(2).filter((word) => !word.startsWith('-'))
const named = program.commands.find((command) => command.name() === (first === 'help' ? second : first))
const entry = named === undefined ? undefined : commands[named.name()]
if (named !== undefined && entry !== undefined) (await entry.load())(named)

async function report(thrown: unknown, asJson = json): Promise<number> {
  return (await import('./report-error.ts')).reportError(thrown, asJson)
}

async function refusal(code: ErrorCode, message: string, detail: ErrorDetail): Promise<Error> {
  return new (await import('#engine/common/contract/errors.ts')).AnchorageError(code, message, detail)
}

/** Commander has printed its message already, but for `--json`; its own exit code is 1 for anything but help. */
async function reportUsage(error: CommanderError): Promise<number> {
  if (error.exitCode === 0) return exitCodes.done
  if (json) {
    const message =
      error.code === 'commander.help' ? 'No command was given.' : error.message.replace(/^error: /, '')
    await report(await refusal('bad-argument', message, { next: 'Add --help for the options.' }))
  }
  return exitCodes.usage
}

/**
 * Who reads the output may leave before its end, as `head` does, and as a whole pipeline does at Ctrl-C: the rest is not
 * for them. Output that can not be written, to a full disk for example, is a failure. In both cases the project is closed
 * in order.
 */
process.stdout.on('error', async (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') return
  process.once('exit', () => {
    process.exitCode = exitCodes.failed
  })
  const refused = await refusal('write-failed', 'The output could not be written.', {
    where: 'standard output',
    found: error.message,
    next: 'Free some space, or send the output elsewhere.'
  })
  await report(refused, false)
})
// There is nowhere left to say that this can not be said.
process.stderr.on('error', () => {})

try {
  await program.parseAsync()
} catch (thrown) {
  process.exitCode = await (thrown instanceof CommanderError ? reportUsage(thrown) : report(thrown))
}
