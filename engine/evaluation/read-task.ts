/** One entrance for every kind of task. */
import type { Task, TaskSource } from '#engine/common/contract/tasks.ts'
import { taskSourceSchema } from '#engine/common/contract/tasks.ts'
import { readClassificationFiles } from './classification-file.ts'
import { readRelationFolder } from './relation-folder.ts'

/** Reads the dataset, template and label words that `source` names. */
export function readTask(source: TaskSource): Promise<Task> {
  const complete = taskSourceSchema.parse(source)
  switch (complete.kind) {
    case 'relation':
      return readRelationFolder(complete)
    case 'classification':
      return readClassificationFiles(complete)
  }
}
