/** The tasks that a project has registered, as sets of tasks of an experiment file. */
import type { TaskSource } from '#engine/common/contract/tasks.ts'
import type { TaskEntry } from '#preload/contract/task-methods.ts'

/** A folder and what lies in it, of paths as they are written on any system. */
export function placeOf(path: string): { folder: string; name: string } {
  const cut = Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\'))
  return { folder: path.slice(0, Math.max(0, cut)), name: path.slice(cut + 1) }
}

type TaskSet = { readonly name: string; readonly setting: object }

function relationSet(folder: string, tasks: readonly TaskEntry[], source: TaskSource): TaskSet {
  const { metainfo, commonVocabulary } = source.kind === 'relation' ? source : {}
  const only = tasks.map(({ source: own }) => (own.kind === 'relation' ? placeOf(own.folder).name : ''))
  return {
    name: placeOf(folder).name,
    setting: {
      kind: 'relations',
      folder,
      ...(metainfo === undefined ? {} : { metainfo }),
      ...(commonVocabulary ? { commonVocabulary } : {}),
      only: only.toSorted()
    }
  }
}

/** What the project has registered, as sets of tasks of a file: relations that lie in one folder are one. */
export function taskSetsOf(tasks: readonly TaskEntry[]): TaskSet[] {
  const folders = new Map<string, TaskEntry[]>()
  const sets: TaskSet[] = []
  for (const task of tasks) {
    const { source } = task
    if (source.kind === 'relation') {
      const { folder } = placeOf(source.folder)
      folders.set(folder, [...(folders.get(folder) ?? []), task])
    } else {
      const { name, ...setting } = source
      sets.push({ name, setting })
    }
  }
  const relations = [...folders].flatMap(([folder, own]) =>
    own[0] === undefined ? [] : relationSet(folder, own, own[0].source)
  )
  return [...relations, ...sets]
}
