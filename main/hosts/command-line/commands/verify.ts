/** `anchorage verify`: compares the engine with numbers made by PyTorch, for the method or for a folder of models. */
import { basename, join, relative, resolve } from 'node:path'
import type { Command } from 'commander'
import { AnchorageError, errorToData } from '#engine/common/contract/errors.ts'
import { checkedPartNames, type ModelCheck } from '#engine/common/contract/verify.ts'
import { exists } from '#engine/common/files/exists.ts'
import { exitCodes } from '../exit-codes.ts'
import { readExpectedRefusals } from '../expected-refusals.ts'
import {
  areAllRight,
  type CheckedModel,
  countChecks,
  describeCheck,
  describeCounts,
  describeTolerances,
  isExpectedOf
} from '../model-checks.ts'
import { type CommandSession, runInSession } from '../session.ts'

type VerifyOptions = { readonly expect?: string }

/** The numbers of the method and of the models of a folder laid out like the reference data, as one table. */
async function verifyReference(
  folder: string,
  { engine, signal, output, progress }: CommandSession
): Promise<number> {
  const rows = await engine.call('verify.run', { folder }, { signal, onProgress: progress.show })
  progress.end()
  output.table(
    ['compared', 'largest difference', 'tolerance', 'agrees'],
    rows.map(({ what, largestDifference, tolerance, agrees }) => [
      what,
      largestDifference === null ? null : Number(largestDifference.toPrecision(3)),
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
}

/** A model's check; an engine that died of it is a failure of that model alone. */
async function checkModel(folder: string, { engine, signal }: CommandSession): Promise<ModelCheck> {
  try {
    return await engine.call('verify.model', { folder }, { signal })
  } catch (thrown) {
    if (signal.aborted) throw thrown
    const { stack: _, ...error } = errorToData(thrown)
    return {
      family: null,
      verdict: 'failed',
      parts: checkedPartNames.map((part) => ({
        part,
        verdict: 'failed',
        precision: 'float32',
        comparisons: [],
        error
      }))
    }
  }
}

/** Every model of a folder, one after the other, a line each. */
async function verifyModels(
  folder: string,
  { expect }: VerifyOptions,
  session: CommandSession
): Promise<number> {
  const { engine, signal, output, progress } = session
  const expected = expect === undefined ? [] : await readExpectedRefusals(resolve(expect))
  const folders = await engine.call('verify.findModels', { folder }, { signal })
  const checks: CheckedModel[] = []
  for (const [done, path] of folders.entries()) {
    const name = relative(folder, path).replaceAll('\\', '/') || basename(folder)
    if (output.json) progress.show({ done, total: folders.length, label: name })
    const check = await checkModel(path, session)
    const checked = { ...check, folder: name, isExpected: isExpectedOf(check, name, expected) }
    checks.push(checked)
    output.line(describeCheck(checked))
  }
  progress.end()
  const counts = countChecks(checks)
  output.line()
  for (const line of describeTolerances(checks)) output.line(line)
  output.line(describeCounts(counts))
  output.result({ models: checks, counts })
  return areAllRight(counts) ? exitCodes.done : exitCodes.differs
}

export function addVerifyCommand(command: Command): void {
  command
    .argument(
      '<folder>',
      'folder with transfer.safetensors and models/, or one that holds models, each beside a reference.safetensors'
    )
    .option(
      '--expect <file>',
      'models that are refused as they should be: a line each, FOLDER: a part of the sentence; # begins a remark'
    )
    .addHelpText(
      'after',
      `
A model is right, right to its precision (half or quantised weights), differs, or is refused; the differences of tables,
answers and gradients are relative to the largest expected value, those of losses absolute.

Examples:
  $ npm run verify -- test/fixtures/reference
  $ npm run verify -- exports --expect expected-refusals.txt`
    )
    .action((given: string, options: VerifyOptions, command: Command) =>
      runInSession(command, async (session) => {
        const folder = resolve(given)
        const isReference = await exists(join(folder, 'transfer.safetensors'))
        if (!isReference) return await verifyModels(folder, options, session)
        if (options.expect === undefined) return await verifyReference(folder, session)
        throw new AnchorageError('bad-argument', 'No refusals are expected of the reference data.', {
          where: '--expect',
          found: `${folder} is laid out like the reference data`,
          next: 'Leave --expect out, or give a folder of models.'
        })
      })
    )
}
