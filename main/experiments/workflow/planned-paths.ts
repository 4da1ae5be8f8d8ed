/** The paths in a plan: made relative where it travels, absolute where it is used. */
import { isAbsolute, relative, resolve, sep } from 'node:path'
import { AnchorageError } from '#engine/common/contract/errors.ts'
import type {
  MeasuringGroup,
  PlannedModel,
  PlannedTask,
  WorkGroup
} from '#main/experiments/plan/experiment-plan.ts'

type PathChange = (path: string) => string

/** From absolute to relative to `folder`, with `/` on every system. */
export function relativeTo(folder: string): PathChange {
  return (path) => relative(folder, path).split(sep).join('/')
}

/** From relative to `folder` to absolute. */
export function absoluteFrom(folder: string): PathChange {
  return (path) => (isAbsolute(path) ? path : resolve(folder, path))
}

/**
 * From relative to `folder` to absolute, for who runs what others wrote: nothing outside of `root` is opened.
 * @throws `file-unsafe`
 */
export function containedFrom(folder: string, root: string): PathChange {
  return (path) => {
    const absolute = resolve(folder, path)
    const way = relative(root, absolute)
    if (way !== '' && !isAbsolute(way) && way.split(sep)[0] !== '..') return absolute
    throw new AnchorageError('file-unsafe', 'A group of the workflow names a file outside of it.', {
      where: folder,
      found: path,
      expected: `a path inside ${root}`,
      next: 'Export the experiment again.'
    })
  }
}

function changeModel(model: PlannedModel, change: PathChange): PlannedModel {
  return { ...model, reference: { ...model.reference, folder: change(model.reference.folder) } }
}

function changeTask(task: PlannedTask, change: PathChange): PlannedTask {
  const { source } = task
  if (source.kind === 'classification') {
    const files = Object.fromEntries(
      Object.entries(source.files).map(([split, file]) => [
        split,
        file === undefined ? undefined : change(file)
      ])
    )
    return { ...task, source: { ...source, files } }
  }
  const { metainfo, commonVocabulary } = source
  return {
    ...task,
    source: {
      ...source,
      folder: change(source.folder),
      metainfo: metainfo === undefined ? undefined : change(metainfo),
      commonVocabulary: commonVocabulary === null ? null : change(commonVocabulary)
    }
  }
}

function changePrompt(prompt: MeasuringGroup['prompts'][number], change: PathChange) {
  return prompt.from === 'file' ? { ...prompt, path: change(prompt.path) } : prompt
}

/** The group with every path changed. */
export function changePaths(group: WorkGroup, change: PathChange): WorkGroup {
  if (group.kind === 'tuning')
    return { ...group, task: changeTask(group.task, change), model: changeModel(group.model, change) }
  return {
    ...group,
    task: group.task === null ? null : changeTask(group.task, change),
    target: changeModel(group.target, change),
    sources: group.sources.map((model) => changeModel(model, change)),
    prompts: group.prompts.map((prompt) => changePrompt(prompt, change))
  }
}
