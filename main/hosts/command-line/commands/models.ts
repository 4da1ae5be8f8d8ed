/** `anchorage models inspect`: what a model folder holds and what can be done with it. */
import type { Command } from 'commander'
import type { ModelReport, TableCandidate } from '#engine/common/contract/models.ts'
import { modelFolder } from '../model-folder.ts'
import type { Output } from '../output.ts'
import { runInSession } from '../session.ts'

function describeTable({ tensor, file, dtype, shape }: TableCandidate): string {
  return `${tensor}  ${dtype}  [${shape.join(', ')}]  in ${file}`
}

function printReport(report: ModelReport, output: Output): void {
  output.pairs([
    ['model', report.name],
    [
      'family',
      report.architecture === undefined ? report.family : `${report.family} (${report.architecture})`
    ],
    ['kind', report.kind ?? null],
    ['embedding table', describeTable(report.table)],
    ['chosen because', report.choice],
    ...report.alternatives.map((other): [string, string] => ['other tensor', describeTable(other)]),
    ['width e', `${report.width}`],
    ['tokens', `${report.vocabularySize}`],
    ['rows used', `${report.rowsUsed}, padding rows ${report.paddingRows}`],
    ['mean, deviation', `${report.mean.toPrecision(7)}, ${report.standardDeviation.toPrecision(7)}`],
    ['embedding scale', `${report.embeddingScale}`],
    [
      'tokenizer',
      `${report.tokenizer.kind}${report.tokenizer.lowercases ? ', lower-cases' : ''}, mask ${report.tokenizer.maskToken ?? 'none'} (${report.tokenizer.files.join(', ')})`
    ],
    ['graph to run', `${report.graph.file ?? 'none'}: ${report.graph.note}`],
    ['table SHA-256', report.fingerprint.table],
    ['tokenizer SHA-256', report.fingerprint.tokenizer]
  ])
  for (const note of report.notes) output.line(`note: ${note}`)
}

type InspectOptions = { readonly weights?: string; readonly tensor?: string }

export function addModelsCommands(models: Command): void {
  models
    .command('inspect')
    .description('open a model folder: its embedding table, tokenizer, statistics and graph')
    .argument(
      '<folder>',
      'folder with config.json, tokenizer and weights, or a name in the Hugging Face cache'
    )
    .option('--weights <file>', 'weights file inside the folder, where several hold a table')
    .option('--tensor <name>', 'embedding tensor, where the one found is not the one meant')
    .addHelpText('after', '\nExample:\n  $ anchorage models inspect models/bert-base-cased')
    .action((folder: string, options: InspectOptions, command: Command) =>
      runInSession(command, async ({ engine, signal, output }) => {
        const report = await engine.call(
          'models.inspect',
          { folder: modelFolder(folder), ...options },
          { signal }
        )
        printReport(report, output)
        output.result(report)
        return undefined
      })
    )
}
