/** `anchorage sample`: the main job on the sample that ships with the project. */
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Command } from 'commander'
import { ensureFolder } from '#engine/common/files/write-whole.ts'
import { exportRuns } from '#main/export/export-runs.ts'
import { openOrCreateProject } from '#main/project/project.ts'
import { documentsFolder } from '#main/sample/documents-folder.ts'
import { copiesFolder, openSample } from '#main/sample/open-sample.ts'
import { runSample, type SampleRow } from '#main/sample/run-sample.ts'
import { findSample } from '#main/sample/sample-files.ts'
import type { Output } from '../output.ts'
import { type CommandSession, runInSession } from '../session.ts'

/** The assets lie beside `out/`. */
const sampleFolder = fileURLToPath(new URL('../assets/sample', import.meta.url))

function printRows(rows: readonly SampleRow[], output: Output): void {
  output.table(
    ['target', 'prompt', 'accuracy', 'facts', 'matching', 'seconds'],
    rows.map(({ target, method, accuracy, facts, matching, seconds }) => [
      target,
      method,
      `${(100 * accuracy).toFixed(1)} %`,
      facts,
      matching === null ? null : matching.toFixed(3),
      seconds === null ? null : seconds.toFixed(2)
    ])
  )
}

async function transferSample(out: string, session: CommandSession): Promise<undefined> {
  const { engine, signal, output, progress } = session
  const folder = resolve(out)
  await ensureFolder(folder)
  const project = await openOrCreateProject(join(folder, 'sample.anchorage'), engine)
  try {
    const files = await findSample(sampleFolder)
    const { anchors, rows } = await runSample(project, files, { signal, onProgress: progress.show })
    const runs = await project.store.read.runs.page({
      sort: 'createdAt',
      descending: true,
      offset: 0,
      limit: files.relations.length
    })
    const exported = await exportRuns(
      project,
      runs,
      { folder: join(folder, 'prompts'), format: 'optiprompt', padRows: true, overwrite: true },
      signal
    )
    progress.end()
    output.line(
      `Prompts tuned on small models, transferred to others by ${anchors.anchors.length} shared words; accuracy on held-out facts.`
    )
    output.line()
    printRows(rows, output)
    output.line()
    output.line(`${exported.length} prompts (both sources to the last target): ${join(folder, 'prompts')}`)
    output.line(`project file: ${project.store.path}`)
    output.result({ anchors: anchors.anchors.length, rows, project: project.store.path })
    return undefined
  } finally {
    await project.close()
  }
}

async function copySample(
  given: string | true,
  { engine, signal, output }: CommandSession
): Promise<undefined> {
  const folder = given === true ? copiesFolder(await documentsFolder()) : resolve(given)
  const path = await openSample(await findSample(sampleFolder), folder, engine, signal)
  output.line(`The sample's project, ready to work on: ${path}`)
  output.result({ project: path })
  return undefined
}

type SampleOptions = { readonly out: string; readonly copyTo?: string | true }

export function addSampleCommand(command: Command): void {
  command
    .option('--out <folder>', 'where prompts and project file are left', 'sample-output')
    .option(
      '--copy-to [folder]',
      "instead: put a copy of the sample's ready project there, to work on; without a folder among your documents, where the window has its own"
    )
    .addHelpText('after', '\nExamples:\n  $ npm run sample\n  $ anchorage sample --copy-to ~/anchorage')
    .action(({ out, copyTo }: SampleOptions, command: Command) =>
      runInSession(command, (session) =>
        copyTo === undefined ? transferSample(out, session) : copySample(copyTo, session)
      )
    )
}
