/** `anchorage verify`: compares the engine with numbers made by PyTorch. */
import { resolve } from 'node:path'
import type { Command } from 'commander'
import { exitCodes } from '../exit-codes.ts'
import { runInSession } from '../session.ts'

export function addVerifyCommand(program: Command): void {
  program
    .command('verify')
    .description(
      'compare the engine with a folder of reference numbers, laid out like test/fixtures/reference'
    )
    .argument('<folder>', 'folder with transfer.safetensors and models/')
    .addHelpText('after', '\nExample:\n  $ npm run verify -- test/fixtures/reference')
    .action((folder: string, _: object, command: Command) =>
      runInSession(command, async ({ engine, signal, output, progress }) => {
        const rows = await engine.call(
          'verify.run',
          { folder: resolve(folder) },
          { signal, onProgress: progress.show }
        )
        progress.end()
        output.table(
          ['compared', 'largest difference', 'tolerance', 'agrees'],
          rows.map(({ what, largestDifference, tolerance, agrees }) => [
            what,
            Number(largestDifference.toPrecision(3)),
            tolerance,
            agrees
          ])
        )
        const differing = rows.filter((row) => !row.agrees).length
        output.line()
        output.line(
          differing === 0
            ? `${rows.length} comparisons, all within tolerance`
            : `${differing} of ${rows.length} comparisons are over their tolerance`
        )
        output.result(rows)
        return differing === 0 ? exitCodes.done : exitCodes.differs
      })
    )
}
