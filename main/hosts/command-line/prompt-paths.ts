/** Paths of the prompts of one or several tasks: `{task}` in a path stands for the task's name. */

import { basename, extname, join, resolve } from 'node:path'
import { AnchorageError } from '#engine/common/contract/errors.ts'
import type { PromptFormat } from '#engine/common/contract/prompts.ts'
import type { TaskSource } from '#engine/common/contract/tasks.ts'
import { exists } from '#engine/common/files/exists.ts'

export const taskPlace = '{task}'

/** The relation, or the name of the classification task. */
export function taskName(task: TaskSource): string {
  return task.kind === 'relation' ? basename(resolve(task.folder)) : task.name
}

/** The path for a task's prompt. */
export function taskPath(out: string, task: TaskSource): string {
  return resolve(out.replaceAll(taskPlace, taskName(task)))
}

/** Where a task's prompt is read: a tree of prompts has a folder of the task's name, as OptiPrompt writes them. */
export async function findPrompt(path: string, task: TaskSource): Promise<string> {
  const named = taskPath(path, task)
  const inTree = join(named, taskName(task))
  return (await exists(inTree)) ? inTree : named
}

/** The format that a name stands for where none is given; the one that keeps most where the name says nothing. */
export function formatOf(path: string): PromptFormat {
  if (basename(path) === 'prompt_vecs.npy') return 'optiprompt'
  switch (extname(path)) {
    case '.npy':
      return 'npy'
    case '.npz':
      return 'npz'
    case '.json':
      return 'json'
    case '.csv':
      return 'csv'
    case '.pt':
      return 'torch'
    case '.f32':
      return 'llama-cpp'
    default:
      return 'safetensors'
  }
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
  for (const path of paths) await requireFreePath(path)
}

/**
 * Makes sure, before long work, that nothing is at a path yet.
 * @throws `write-failed`
 */
export async function requireFreePath(path: string): Promise<void> {
  if (!(await exists(path))) return
  throw new AnchorageError('write-failed', 'There is something at the path already.', {
    where: path,
    next: 'Name another path, or give --overwrite.'
  })
}
