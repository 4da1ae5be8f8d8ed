/** `anchorage graph inspect`: how prompts enter a model's graph, and what stands in the way of tuning. */
import type { Command } from 'commander'
import type { GraphReport } from '#engine/common/contract/graphs.ts'
import { modelFolder } from '../model-folder.ts'
import type { Output } from '../output.ts'
import { runInSession } from '../session.ts'
import { weightsHelp } from '../task-options.ts'

function printReport(
  { file, operatorSet, graft, answers, operators, obstacles }: GraphReport,
  output: Output
): void {
  output.pairs([
    ['graph', file],
    ['operator set', operatorSet],
    ['prompts enter', `at the rows of ${graft.table}, width ${graft.width}, by ${graft.idsInput}`],
    ['virtual tokens', `from ${graft.firstVirtualToken} on`],
    ['answers', answers.note],
    [
      'operators',
      Object.entries(operators)
        .map(([name, count]) => `${name} ${count}`)
        .join(', ')
    ]
  ])
  output.line()
  if (obstacles.length === 0) {
    output.line('Gradients pass: prompts can be tuned on this graph.')
    return
  }
  output.line('Gradients do not pass: prompts can be used on this graph, but not tuned.')
  output.table(
    ['node', 'reason', 'what to do'],
    obstacles.map(({ node, reason, next }) => [node, reason, next])
  )
}

export function addGraphCommands(command: Command): void {
  command
    .command('inspect')
    .description('show where prompts enter a graph, where answers leave it, and whether gradients pass')
    .argument('<folder>', 'folder with config.json, tokenizer and onnx/')
    .option('--weights <file>', weightsHelp)
    .addHelpText('after', '\nExample:\n  $ anchorage graph inspect models/bert-base-cased')
    .action((folder: string, options: { readonly weights?: string }, command: Command) =>
      runInSession(command, async ({ engine, signal, output }) => {
        const report = await engine.call(
          'graph.inspect',
          { folder: modelFolder(folder), ...options },
          { signal }
        )
        printReport(report, output)
        output.result(report)
        return undefined
      })
    )
}
