/** Paths of the prompts of one or several tasks: `{task}` in a path stands for the task's name. */

import { stat } from 'node:fs/promises'
import { basename, extname, join, resolve } from 'node:path'
import { AnchorageError } from '#engine/common/contract/errors.ts'
import type { PromptFormat } from '#engine/common/contract/prompts.ts'
import type { TaskSource } from '#engine/common/contract/tasks.ts'
import { exists } from '#engine/common/files/exists.ts'

const taskPlace = '{task}'

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

/** The last `count` parts of a path. */
function lastParts(path: string, count: number): string {
  return path.split(/[\\/]/).slice(-count).join('/')
}

/** A prompt's path without the ending that a file has; a folder's name is whole, dots and all. */
async function withoutEnding(path: string): Promise<string> {
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    () => false
  )
  return isFolder ? path : path.slice(0, path.length - extname(path).length)
}

/** Paths by which prompts can be told apart: without endings, but where another file has the same path but for that. */
async function barePaths(paths: readonly string[]): Promise<Map<string, string>> {
  const bare = new Map<string, string>()
  for (const path of new Set(paths)) bare.set(path, await withoutEnding(resolve(path)))
  const isShared = (path: string) => [...bare.values()].filter((other) => other === path).length > 1
  return new Map(
    [...bare].map(([path, without]) => [path, isShared(without) ? resolve(path) : without] as const)
  )
}

/**
 * What a prompt is called beside others: by the last part of its path, or by as many as tell it from them; one with
 * `{task}` in its path by that.
 */
export async function promptName(path: string, among: readonly string[]): Promise<string> {
  if (path.includes(taskPlace)) return path
  const bare = await barePaths(among)
  const own = bare.get(path) ?? path
  const others = [...bare.values()].filter((other) => other !== own)
  const isTaken = (name: string, count: number) => others.some((other) => lastParts(other, count) === name)
  let count = 1
  while (isTaken(lastParts(own, count), count)) count++
  return lastParts(own, count)
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
