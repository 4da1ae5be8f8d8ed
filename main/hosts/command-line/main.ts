#!/usr/bin/env node
/** The command line: every subcommand, its options and help. What is done is done by the engine and the workbench. */
import { Command, CommanderError } from 'commander'
import { AnchorageError } from '#engine/common/contract/errors.ts'
import { version } from '../../../package.json'
import { addAnchorsCommands } from './commands/anchors.ts'
import { addBaselineCommand } from './commands/baseline.ts'
import { addDoctorCommand } from './commands/doctor.ts'
import { addEvaluateCommand } from './commands/evaluate.ts'
import { addExperimentCommands } from './commands/experiment.ts'
import { addGraphCommands } from './commands/graph.ts'
import { addModelsCommands } from './commands/models.ts'
import { addProjectCommands } from './commands/project.ts'
import { addPromptsCommands } from './commands/prompts.ts'
import { addRefineCommand } from './commands/refine.ts'
import { addRetrievalCommand } from './commands/retrieval.ts'
import { addSampleCommand } from './commands/sample.ts'
import { addTransferCommand } from './commands/transfer.ts'
import { addTuneCommand } from './commands/tune.ts'
import { addVerifyCommand } from './commands/verify.ts'
import { exitCodes, exitCodesHelp } from './exit-codes.ts'
import { reportError } from './session.ts'

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

addModelsCommands(program)
addGraphCommands(program)
addAnchorsCommands(program)
addPromptsCommands(program)
addTuneCommand(program)
addEvaluateCommand(program)
addRefineCommand(program)
addTransferCommand(program)
addBaselineCommand(program)
addRetrievalCommand(program)
addProjectCommands(program)
addExperimentCommands(program)
addSampleCommand(program)
addDoctorCommand(program)
addVerifyCommand(program)

/** Commander has printed its message already, but for `--json`; its own exit code is 1 for anything but help. */
function reportUsage(error: CommanderError): number {
  if (error.exitCode === 0) return exitCodes.done
  if (json) {
    const message =
      error.code === 'commander.help' ? 'No command was given.' : error.message.replace(/^error: /, '')
    reportError(new AnchorageError('bad-argument', message, { next: 'Add --help for the options.' }), json)
  }
  return exitCodes.usage
}

/**
 * Who reads the output may leave before its end, as `head` does, and as a whole pipeline does at Ctrl-C: the rest is not
 * for them. Output that can not be written, to a full disk for example, is a failure. In both cases the project is closed
 * in order.
 */
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') return
  process.once('exit', () => {
    process.exitCode = exitCodes.failed
  })
  reportError(
    new AnchorageError('write-failed', 'The output could not be written.', {
      where: 'standard output',
      found: error.message,
      next: 'Free some space, or send the output elsewhere.'
    }),
    false
  )
})
// There is nowhere left to say that this can not be said.
process.stderr.on('error', () => {})

try {
  await program.parseAsync()
} catch (thrown) {
  process.exitCode = thrown instanceof CommanderError ? reportUsage(thrown) : reportError(thrown, json)
}
