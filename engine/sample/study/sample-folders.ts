/** Where the sample's models, tasks and prompts lie. */
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { TaskSource } from '#engine/common/contract/tasks.ts'

export type SampleFolders = {
  readonly models: string
  readonly tasks: string
  /** Tuned prompts that the study keeps. */
  readonly prompts: string
}

export function modelFolder(folders: SampleFolders, model: string): string {
  return join(folders.models, model)
}

export async function listRelations(folders: SampleFolders): Promise<string[]> {
  return (await readdir(join(folders.tasks, 'relations'))).sort()
}

export function relationSource(folders: SampleFolders, relation: string): TaskSource {
  return {
    kind: 'relation',
    folder: join(folders.tasks, 'relations', relation),
    commonVocabulary: join(folders.tasks, 'common_vocabulary.txt')
  }
}
