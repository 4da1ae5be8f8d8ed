/** `anchorage project delete`, `archive` and `rename`: what is done to runs that are there, and to best sets that were found. */
import type { Command } from 'commander'
import type { Project } from '#main/project/project.ts'
import { inStoredProject } from '../in-project.ts'
import { type CommandSession, runInSession } from '../session.ts'

type Writer = Parameters<Parameters<Project['store']['write']>[0]>[0]

/** Changes what these ids name in one transaction: all of them, or none. */
async function change(
  file: string,
  ids: readonly string[],
  what: (writer: Writer, id: string) => Promise<unknown>,
  session: CommandSession
): Promise<void> {
  await inStoredProject(file, session, ({ store }) =>
    store.write(async (writer) => {
      for (const id of ids) await what(writer, id)
    })
  )
}

function tell(session: CommandSession, what: string, ids: readonly string[]): undefined {
  session.output.line(`${what}: ${ids.length === 1 ? ids[0] : `${ids.length} of them`}`)
  session.output.result({ ids })
}

const fileArgument = ['<file>', 'project file, NAME.anchorage'] as const
const runsArgument = ['<run...>', 'ids of runs, as `project info` lists them'] as const

/** Takes out a run, or what a race found. */
async function takeOut({ runs, races }: Writer, id: string): Promise<void> {
  const isRace = (await races.list()).some((race) => race.id === id)
  await (isRace ? races : runs).take(id)
}

function addDelete(project: Command): void {
  project
    .command('delete')
    .description(
      'take runs out of the project with their notes and tags, or best sets that were found; prompts and answers stay'
    )
    .argument(...fileArgument)
    .argument('<id...>', 'ids of runs or of best sets found, as `project info` lists them')
    .addHelpText(
      'after',
      '\nExample:\n  $ anchorage project delete experiment.anchorage 67a128df-5208-4ff9-a6df-5198c2c3d5ab'
    )
    .action((file: string, ids: string[], _: object, command: Command) =>
      runInSession(command, async (session) => {
        await change(file, ids, takeOut, session)
        return tell(session, 'deleted', ids)
      })
    )
}

function addArchive(project: Command): void {
  project
    .command('archive')
    .description('put runs out of sight of the window; reports and exports still find them')
    .argument(...fileArgument)
    .argument(...runsArgument)
    .option('--undo', 'bring them back into sight')
    .addHelpText(
      'after',
      '\nExample:\n  $ anchorage project archive experiment.anchorage 67a128df-5208-4ff9-a6df-5198c2c3d5ab'
    )
    .action((file: string, ids: string[], { undo = false }: { undo?: boolean }, command: Command) =>
      runInSession(command, async (session) => {
        await change(file, ids, ({ runs }, id) => runs.archive(id, !undo), session)
        return tell(session, undo ? 'brought back' : 'archived', ids)
      })
    )
}

function addRename(project: Command): void {
  project
    .command('rename')
    .description('give a run another name')
    .argument(...fileArgument)
    .argument('<run>', 'id of the run, as `project info` lists it')
    .argument('<name>', 'its new name')
    .addHelpText(
      'after',
      '\nExample:\n  $ anchorage project rename experiment.anchorage 67a128df-5208-4ff9-a6df-5198c2c3d5ab "capital, best weights"'
    )
    .action((file: string, id: string, name: string, _: object, command: Command) =>
      runInSession(command, async (session) => {
        await change(file, [id], ({ runs }) => runs.rename(id, name), session)
        return tell(session, `renamed to ${name}`, [id])
      })
    )
}

export function addRunCommands(project: Command): void {
  addDelete(project)
  addArchive(project)
  addRename(project)
}
