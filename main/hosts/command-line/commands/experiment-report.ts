/** `anchorage experiment report`: tables, figures and claims of an experiment as far as it was run, for reading and for a paper. */
import { resolve } from 'node:path'
import type { Command } from 'commander'
import { readExperimentIn } from '#main/experiments/report/experiment-status.ts'
import { writeReport } from '#main/experiments/report/write-report.ts'
import { readExperiment } from '#main/experiments/spec/read-experiment.ts'
import { runInSession } from '../session.ts'

export function addExperimentReport(experiment: Command): void {
  experiment
    .command('report')
    .description('write tables, figures and the claims of the paper, as HTML, LaTeX, CSV and SVG')
    .argument('<file>', 'experiment file')
    .requiredOption('--project <file>', 'project that it ran in')
    .requiredOption(
      '--out <folder>',
      'folder to write to; an earlier report of the experiment there is replaced'
    )
    .addHelpText(
      'after',
      '\nExample:\n  $ anchorage experiment report paper.experiment.yaml --project paper.anchorage --out paper-report'
    )
    .action((file: string, { project, out }: { project: string; out: string }, command: Command) =>
      runInSession(command, async ({ output }) => {
        const { results, status, fileHasChanged } = await readExperimentIn(
          await readExperiment(resolve(file)),
          resolve(project)
        )
        const { files } = await writeReport(results, resolve(out))
        output.line(`wrote ${files.length} files; open ${files[0]}`)
        if (status.done < status.cells) output.line(`note: ${status.done} of ${status.cells} cells were run`)
        if (fileHasChanged) output.line('note: the experiment file was changed since it was last run here')
        output.result({ files, cells: status.cells, done: status.done, fileHasChanged })
        return undefined
      })
    )
}
