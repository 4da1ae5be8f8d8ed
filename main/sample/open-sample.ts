/**
 * Gives a person a copy of the sample's ready project to work on, with the models, tasks and prompts that it names beside
 * it: the installation may lie elsewhere at its next start, as an AppImage does. Neither the original nor a copy that is
 * there already is written to.
 */
import { constants, copyFile, cp, mkdir, readdir, rm } from 'node:fs/promises'
import { basename, dirname, extname, join } from 'node:path'
import { causedBy, systemCode } from '#engine/common/contract/errors.ts'
import { ensureFolder } from '#engine/common/files/write-whole.ts'
import { relocateModel } from '#main/catalogue/models.ts'
import { registerRelations } from '#main/catalogue/tasks.ts'
import type { EngineCalls } from '#main/project/context.ts'
import { openProject } from '#main/project/project.ts'
import { findSample, type SampleFiles, sampleModels } from './sample-files.ts'

/** How many copies a folder may hold. */
const mostCopies = 100

/** Where copies go among a person's documents. */
export function copiesFolder(documents: string): string {
  return join(documents, 'Anchorage')
}

/** The first copy of a folder is called `Sample.anchorage`, the next `Sample 2.anchorage`. */
function copyName(copy: number): string {
  return copy === 1 ? 'Sample.anchorage' : `Sample ${copy}.anchorage`
}

/** The newest copy that lies in a folder, or null. */
export async function lastCopy(folder: string): Promise<string | null> {
  const names = new Set(await readdir(folder).catch(() => []))
  const copies = Array.from({ length: mostCopies }, (_, index) => copyName(index + 1))
  const last = copies.findLast((name) => names.has(name))
  return last === undefined ? null : join(folder, last)
}

/** A copy of the project, and the folder of what it names. */
type SampleCopy = { readonly project: string; readonly folder: string }

/** Where the files of a copy of the project lie: beside it, under its name. */
function filesFolder(project: string): string {
  return join(dirname(project), `${basename(project, extname(project))} files`)
}

async function removeCopy({ project, folder }: SampleCopy): Promise<void> {
  await rm(project, { force: true })
  await rm(folder, { recursive: true, force: true })
}

/** Takes a name for the files and the project, throwing `EEXIST` where one of them is there. */
async function takeName(files: SampleFiles, project: string): Promise<SampleCopy> {
  const folder = filesFolder(project)
  await mkdir(folder)
  try {
    await copyFile(files.project, project, constants.COPYFILE_EXCL)
  } catch (error) {
    await rm(folder, { recursive: true, force: true })
    throw error
  }
  return { project, folder }
}

/** Copies what the project names, laid out as in the original. */
async function copyFiles(files: SampleFiles, { folder }: SampleCopy): Promise<SampleFiles> {
  for (const model of sampleModels) {
    await cp(files.modelFolder(model), join(folder, 'models', model), { recursive: true })
    await cp(files.promptTree(model), join(folder, 'prompts', model), { recursive: true })
  }
  await cp(dirname(files.relationFolders), join(folder, 'tasks'), { recursive: true })
  return await findSample(folder)
}

/** Copies the project under the first name that is free, and what it names. */
async function copySample(
  files: SampleFiles,
  into: string,
  copy = 1
): Promise<SampleCopy & { files: SampleFiles }> {
  const path = join(into, copyName(copy))
  let taken: SampleCopy | null = null
  try {
    taken = await takeName(files, path)
    return { ...taken, files: await copyFiles(files, taken) }
  } catch (cause) {
    const isTaken = systemCode(cause) === 'EEXIST'
    if (taken === null && isTaken && copy < mostCopies) return await copySample(files, into, copy + 1)
    if (taken !== null) await removeCopy(taken)
    throw causedBy(cause, 'write-failed', 'The sample could not be copied.', {
      where: path,
      expected: 'a folder that can be written to',
      next: 'Make this folder writable, or copy the sample elsewhere: `anchorage sample --copy-to FOLDER`.'
    })
  }
}

/** Copies the sample into `into`; the path of the project, which names the copies of its models and tasks. */
export async function openSample(
  original: SampleFiles,
  into: string,
  engine: EngineCalls,
  signal?: AbortSignal
): Promise<string> {
  await ensureFolder(into)
  const { files, ...copy } = await copySample(original, into)
  try {
    const project = await openProject(copy.project, engine)
    try {
      await registerRelations(project, files.relationFolders, files.commonVocabulary, signal)
      for (const { id, report } of await project.store.read.models.list()) {
        await relocateModel(project, id, { folder: files.modelFolder(report.name) }, signal)
      }
    } finally {
      await project.close()
    }
  } catch (error) {
    await removeCopy(copy)
    throw error
  }
  return copy.project
}
