/** Gives a person a copy of the sample's ready project to work on; the original is never written to. */
import { constants, copyFile, mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { AnchorageError } from '../../../engine/contract/errors.ts'
import { relocateModel } from '../catalogue/models.ts'
import type { EngineCalls } from '../context.ts'
import { openProject } from '../project.ts'
import type { SampleFiles } from './sample-files.ts'

async function copyProject(files: SampleFiles, path: string): Promise<void> {
  try {
    await copyFile(files.project, path, constants.COPYFILE_EXCL)
  } catch (cause) {
    throw new AnchorageError(
      'write-failed',
      'The sample could not be copied.',
      {
        where: path,
        found: cause instanceof Error ? cause.message : String(cause),
        expected: 'a folder that can be written to, without a Sample.anchorage',
        next: 'Choose another folder.'
      },
      cause
    )
  }
}

/** Copies the project to `folder` and notes where this installation's models are; the path of the copy. */
export async function openSample(
  files: SampleFiles,
  folder: string,
  engine: EngineCalls,
  signal?: AbortSignal
): Promise<string> {
  await mkdir(folder, { recursive: true })
  const path = join(folder, 'Sample.anchorage')
  await copyProject(files, path)
  try {
    const project = await openProject(path, engine)
    try {
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
