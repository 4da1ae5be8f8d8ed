/** Paths of the prompts of one or several tasks: `{task}` in a path stands for the task's name. */
import { access } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import { AnchorageError } from '../../../engine/contract/errors.ts'
import type { TaskSource } from '../../../engine/contract/tasks.ts'

export const taskPlace = '{task}'

/** The relation, or the name of the classification task. */
export function taskName(task: TaskSource): string {
  return task.kind === 'relation' ? basename(resolve(task.folder)) : task.name
}

/** The path for a task's prompt. */
export function taskPath(out: string, task: TaskSource): string {
  return resolve(out.replaceAll(taskPlace, taskName(task)))
}

/**
 * Makes sure, before long work, that every task has a path of its own and that nothing is there yet.
 * @throws `bad-argument`, `write-failed`
 */
export async function requireFree(out: string, tasks: readonly TaskSource[]): Promise<void> {
  const paths = tasks.map((task) => taskPath(out, task))
  if (new Set(paths).size < paths.length) {
    throw new AnchorageError('bad-argument', 'Several prompts would be written to one path.', {
      where: out,
      found: `${tasks.length} tasks`,
      expected: `a path with ${taskPlace} in it, such as prompts/${taskPlace}.safetensors`
    })
  }
  for (const path of paths) {
    const isThere = await access(path).then(
      () => true,
      () => false
    )
    if (!isThere) continue
    throw new AnchorageError('write-failed', 'There is something at the path already.', {
      where: path,
      next: 'Name another path, or give --overwrite.'
    })
  }
}
