/** The places that an experiment names: whoever may not see all of the disk checks them before an experiment is planned. */
import { resolve } from 'node:path'
import type { ExperimentFile, TaskSet } from '#main/experiments/spec/experiment-file.ts'

function taskPaths(set: TaskSet): (string | null | undefined)[] {
  switch (set.kind) {
    case 'relations':
      return [set.folder, set.metainfo, set.commonVocabulary]
    case 'classification':
      return Object.values(set.files)
  }
}

/** Absolute; @param folder what the paths of the experiment are relative to */
export function experimentPaths({ models, tasks, prompts }: ExperimentFile, folder: string): string[] {
  const paths = [
    ...Object.values(models).map((model) => (typeof model === 'string' ? model : model.folder)),
    ...Object.values(tasks).flatMap(taskPaths),
    ...prompts.tuned.map((tree) => tree.folder)
  ]
  return paths.flatMap((path) => (path === null || path === undefined ? [] : [resolve(folder, path)]))
}
