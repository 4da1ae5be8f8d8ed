/** Gives a person a copy of the sample's ready project to work on; the original is never written to. */
import { constants, copyFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { AnchorageError } from '#engine/common/contract/errors.ts'
import { ensureFolder } from '#engine/common/files/write-whole.ts'
import { relocateModel } from '#main/catalogue/models.ts'
import { registerRelations } from '#main/catalogue/tasks.ts'
import type { EngineCalls } from '#main/project/context.ts'
import { openProject } from '#main/project/project.ts'
import type { SampleFiles } from './sample-files.ts'

/** How many copies a folder may hold. */
const mostCopies = 100

/** Copies the project under the first name that is free; its path. */
async function copyProject(files: SampleFiles, folder: string, copy = 1): Promise<string> {
  const path = join(folder, copy === 1 ? 'Sample.anchorage' : `Sample ${copy}.anchorage`)
  try {
    await copyFile(files.project, path, constants.COPYFILE_EXCL)
    return path
  } catch (cause) {
    const isTaken = cause instanceof Error && 'code' in cause && cause.code === 'EEXIST'
    if (isTaken && copy < mostCopies) return await copyProject(files, folder, copy + 1)
    throw new AnchorageError(
      'write-failed',
      'The sample could not be copied.',
      {
        where: path,
        found: cause instanceof Error ? cause.message : String(cause),
        expected: 'a folder that can be written to',
        next: 'Choose another folder.'
      },
      cause
    )
  }
}

/** Copies the project to `folder` and notes where this installation's models and tasks are; the path of the copy. */
export async function openSample(
  files: SampleFiles,
  folder: string,
  engine: EngineCalls,
  signal?: AbortSignal
): Promise<string> {
  await ensureFolder(folder)
  const path = await copyProject(files, folder)
  try {
    const project = await openProject(path, engine)
    try {
      await registerRelations(project, files.relationFolders, files.commonVocabulary, signal)
      for (const { id, report } of await project.store.read.models.list()) {
        await relocateModel(project, id, { folder: files.modelFolder(report.name) }, signal)
      }
    } finally {
      await project.close()
    }
  } catch (error) {
    await rm(path, { force: true })
    throw error
  }
  return path
}
