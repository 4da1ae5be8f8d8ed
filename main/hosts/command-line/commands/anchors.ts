/** `anchorage anchors build`: the words that models share, chosen, audited, and written as text. */
import { basename, extname, resolve } from 'node:path'
import { type Command, Option } from 'commander'
import type { AnchorSet } from '#engine/common/contract/anchors.ts'
import { modelFolder } from '../model-folder.ts'
import { parsePositiveInteger, parseSeed } from '../numbers.ts'
import type { Output } from '../output.ts'
import { type CommandSession, runInSession } from '../session.ts'

type BuildOptions = {
  readonly out: string
  readonly rule: 'single-token' | 'surface'
  readonly case: 'exact' | 'fold'
  readonly lettersOnly?: boolean
  readonly partsOfWords?: boolean
  readonly minimumLength: number
  readonly wordList?: string
  readonly cap?: number
  readonly orderBy: number
  readonly sample?: number
  readonly overwrite?: boolean
}

function printAudit(set: AnchorSet, output: Output): void {
  const { audit } = set
  if (audit !== null) {
    output.table(
      ['model', 'tokens', 'considered'],
      audit.models.map(({ name, tokens, considered }) => [name, tokens, considered])
    )
    output.line()
    output.table(
      ['step', 'dropped', 'left', 'for example'],
      audit.steps.map(({ step, dropped, left, examples }) => [
        step,
        dropped,
        left,
        examples
          .slice(0, 3)
          .map(({ surface, reason }) => `${surface} (${reason})`)
          .join('; ')
      ])
    )
    output.line()
    output.line(`case: ${audit.casePolicy}`)
    if (audit.collisions.length > 0) output.line(`collisions: ${audit.collisions.length}`)
  }
  output.line(`${set.anchors.length} anchors, SHA-256 ${set.hash}`)
}

/** The words of a list file, which may itself be an anchor file. */
async function readWordList(path: string, { engine, signal }: CommandSession): Promise<string[]> {
  const set = await engine.call('anchors.read', { path: resolve(path) }, { signal })
  return set.anchors.map((anchor) => anchor.surface)
}

export function addAnchorsCommands(anchors: Command): void {
  anchors
    .command('build')
    .description('build an anchor set from two or more models, with an audit of every step')
    .argument('<model...>', 'model folders')
    .requiredOption('--out <file>', 'text file to write, one anchor per line')
    .addOption(
      new Option('--rule <rule>', "single-token: ' ' + word is one known token everywhere (the paper's rule)")
        .choices(['single-token', 'surface'])
        .default('single-token')
    )
    .addOption(
      new Option('--case <policy>', 'fold: models that lower-case match by the lower-cased word')
        .choices(['exact', 'fold'])
        .default('exact')
    )
    .option('--letters-only', 'only words of letters')
    .option('--parts-of-words', 'also tokens that continue a word')
    .option('--minimum-length <n>', 'shortest word, in characters', parsePositiveInteger, 1)
    .option('--word-list <file>', "only words of this list, for example LAMA's common vocabulary")
    .option('--cap <k>', 'how many anchors to keep', parsePositiveInteger)
    .option(
      '--order-by <n>',
      'keep first by rank in the vocabulary of the n-th model',
      parsePositiveInteger,
      1
    )
    .option('--overwrite', 'replace the file that is there')
    .option('--sample <seed>', 'keep a seeded sample instead of the first by rank', parseSeed)
    .addHelpText(
      'after',
      '\nExample:\n  $ anchorage anchors build models/bert-base-cased models/roberta-base --cap 8192 --out shared.txt'
    )
    .action((models: string[], options: BuildOptions, command: Command) =>
      runInSession(command, async (session) => {
        const { engine, signal, output, progress } = session
        const set = await engine.call(
          'anchors.build',
          {
            name: basename(options.out, extname(options.out)),
            models: models.map((folder) => ({ folder: modelFolder(folder) })),
            recipe: {
              rule: options.rule,
              casePolicy: options.case,
              filters: {
                wholeWords: options.partsOfWords !== true,
                lettersOnly: options.lettersOnly === true,
                minimumLength: options.minimumLength,
                wordList:
                  options.wordList === undefined ? null : await readWordList(options.wordList, session)
              },
              cap: options.cap ?? null,
              order:
                options.sample === undefined
                  ? { by: 'rank', model: options.orderBy - 1 }
                  : { by: 'sample', seed: options.sample }
            }
          },
          { signal, onProgress: progress.show }
        )
        const { out, overwrite } = options
        await engine.call('anchors.write', { set, path: resolve(out), overwrite }, { signal })
        progress.end()
        printAudit(set, output)
        output.line(`written to ${options.out}`)
        output.result(set)
        return undefined
      })
    )
}
