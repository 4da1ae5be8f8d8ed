/** `anchorage experiment report`: tables, figures and claims of an experiment as far as it was run, or of any runs of a project. */
import { resolve } from 'node:path'
import type { Command } from 'commander'
import { AnchorageError } from '#engine/common/contract/errors.ts'
import { readExperimentIn, readRunsIn } from '#main/experiments/report/experiment-status.ts'
import { writeReport } from '#main/experiments/report/write-report.ts'
import { readExperiment } from '#main/experiments/spec/read-experiment.ts'
import { type CommandSession, runInSession } from '../session.ts'

type ReportOptions = { readonly project: string; readonly out: string; readonly tag?: string }

/** Reports the experiment of a file. */
async function reportExperiment(
  file: string,
  { project, out, tag }: ReportOptions,
  { output }: CommandSession
): Promise<void> {
  if (tag !== undefined) {
    throw new AnchorageError('bad-argument', 'An experiment file says itself which runs it reports.', {
      found: `--tag ${tag} beside ${file}`,
      next: 'Leave one of them out.'
    })
  }
  const { results, status, fileHasChanged } = await readExperimentIn(
    await readExperiment(resolve(file)),
    resolve(project)
  )
  const { files } = await writeReport(results, resolve(out))
  output.line(`wrote ${files.length} files; open ${files[0]}`)
  if (status.done < status.cells) output.line(`note: ${status.done} of ${status.cells} cells were run`)
  if (fileHasChanged) output.line('note: the experiment file was changed since it was last run here')
  output.result({ files, cells: status.cells, done: status.done, fileHasChanged })
}

/** Reports runs of any origin. */
async function reportRuns({ project, out, tag }: ReportOptions, { output }: CommandSession): Promise<void> {
  const results = await readRunsIn(resolve(project), { tag })
  const { files } = await writeReport(results, resolve(out))
  output.line(`wrote ${files.length} files of ${results.results.size} runs; open ${files[0]}`)
  output.result({ files, runs: results.results.size })
}

export function addExperimentReport(experiment: Command): void {
  experiment
    .command('report')
    .description('write tables, figures and the claims of the paper, as HTML, LaTeX, CSV and SVG')
    .argument('[file]', 'experiment file; without one, every run of the project that was evaluated')
    .requiredOption('--project <file>', 'project that it ran in')
    .requiredOption('--out <folder>', 'folder to write to; an earlier report of the same there is replaced')
    .option('--tag <tag>', 'without a file: only runs with this tag')
    .addHelpText(
      'after',
      `
Examples:
  $ anchorage experiment report paper.experiment.yaml --project paper.anchorage --out paper-report
  $ anchorage experiment report --project grid.anchorage --tag "first grid" --out grid-report`
    )
    .action((file: string | undefined, options: ReportOptions, command: Command) =>
      runInSession(command, async (session) => {
        if (file === undefined) await reportRuns(options, session)
        else await reportExperiment(file, options, session)
        return undefined
      })
    )
}
