#!/usr/bin/env node
/** The command line: every subcommand, its options and help. What is done is done by the engine and the workbench. */
import { Command, CommanderError } from 'commander'
import { version } from '../../../package.json'
import { addAnchorsCommands } from './commands/anchors.ts'
import { addBaselineCommand } from './commands/baseline.ts'
import { addDoctorCommand } from './commands/doctor.ts'
import { addEvaluateCommand } from './commands/evaluate.ts'
import { addGraphCommands } from './commands/graph.ts'
import { addModelsCommands } from './commands/models.ts'
import { addProjectCommands } from './commands/project.ts'
import { addPromptsCommands } from './commands/prompts.ts'
import { addSampleCommand } from './commands/sample.ts'
import { addStudyCommands } from './commands/study.ts'
import { addTransferCommand } from './commands/transfer.ts'
import { addTuneCommand } from './commands/tune.ts'
import { addVerifyCommand } from './commands/verify.ts'
import { exitCodes, exitCodesHelp } from './exit-codes.ts'
import { reportError } from './session.ts'

const program = new Command('anchorage')
  .description('Carries continuous prompts between language models.')
  .version(version)
  .option('--json', 'print one JSON document instead of text')
  .option('--verbose', 'log what the engine does to standard error')
  .showHelpAfterError('(add --help for the options)')
  .addHelpText('after', exitCodesHelp)
  .exitOverride()

addModelsCommands(program)
addGraphCommands(program)
addAnchorsCommands(program)
addPromptsCommands(program)
addTuneCommand(program)
addEvaluateCommand(program)
addTransferCommand(program)
addBaselineCommand(program)
addProjectCommands(program)
addStudyCommands(program)
addSampleCommand(program)
addDoctorCommand(program)
addVerifyCommand(program)

/** Commander has printed its message already; its own exit code is 1 for anything but help. */
function usageExitCode(error: CommanderError): number {
  return error.exitCode === 0 ? exitCodes.done : exitCodes.usage
}

// Who reads the output may leave before its end, as `head` does, and as a whole pipeline does at Ctrl-C: the rest is not
// for them, and the project is closed in order all the same.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
  })
}

try {
  await program.parseAsync()
} catch (thrown) {
  process.exitCode =
    thrown instanceof CommanderError
      ? usageExitCode(thrown)
      : reportError(thrown, process.argv.includes('--json'))
}
