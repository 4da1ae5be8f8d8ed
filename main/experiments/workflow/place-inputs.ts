/** Puts the inputs of a plan into a folder, each once, copied or linked; the plan then names them there. */
import { cp, lstat, mkdir, rm, stat, symlink } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { causedBy } from '#engine/common/contract/errors.ts'
import type { PlannedModel, PlannedTask, WorkGroup } from '#main/experiments/plan/experiment-plan.ts'
import { changePaths } from './planned-paths.ts'

export type Placing = 'copy' | 'link'

/** Where every input of the groups goes, by its path now: folders of models and tasks, files of words and prompts. */
function destinations(groups: readonly WorkGroup[]): Map<string, string> {
  const places = new Map<string, string>()
  const placeModel = ({ name, reference }: PlannedModel): void => {
    places.set(reference.folder, join('models', name))
  }
  const placeTask = ({ name, source, sha256 }: PlannedTask): void => {
    const folder = join('tasks', sha256.slice(0, 12))
    if (source.kind === 'relation') {
      // A relation is known by the name of its folder.
      places.set(source.folder, join(folder, name))
      if (source.commonVocabulary !== null) {
        places.set(source.commonVocabulary, join(folder, 'words', basename(source.commonVocabulary)))
      }
    } else {
      for (const file of Object.values(source.files)) {
        if (file !== undefined) places.set(file, join(folder, basename(file)))
      }
    }
  }
  for (const group of groups) {
    if (group.task !== null) placeTask(group.task)
    if (group.kind === 'tuning') placeModel(group.model)
    else {
      for (const model of [group.target, ...group.sources]) placeModel(model)
      for (const prompt of group.prompts) {
        if (prompt.from !== 'file') continue
        places.set(prompt.path, join('prompts', prompt.id.slice(0, 12), basename(prompt.path)))
      }
    }
  }
  return places
}

function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false
  )
}

async function place(from: string, to: string, placing: Placing): Promise<void> {
  if (await isThere(to)) await rm(to, { recursive: true })
  await mkdir(dirname(to), { recursive: true })
  if (placing === 'copy') await cp(from, to, { recursive: true, dereference: true })
  else await symlink(from, to, (await stat(from)).isDirectory() ? 'dir' : 'file')
}

/** The template stands in the group itself, so that the file that held it need not travel. */
function withTemplate(group: WorkGroup): WorkGroup {
  const { task } = group
  if (task === null || task.source.kind !== 'relation' || task.template === null) return group
  const { source, template } = task
  return { ...group, task: { ...task, source: { ...source, metainfo: undefined, template } } }
}

/**
 * Places the inputs of all groups below `folder`; the groups with paths there.
 * @throws `write-failed`
 */
export async function placeInputs(
  groups: readonly WorkGroup[],
  folder: string,
  placing: Placing
): Promise<WorkGroup[]> {
  const places = destinations(groups)
  for (const [from, to] of places) {
    try {
      await place(from, join(folder, to), placing)
    } catch (cause) {
      throw causedBy(cause, 'write-failed', 'An input of the experiment could not be put into the folder.', {
        where: from,
        next: 'Check the free space; --link links inputs instead of copying them.'
      })
    }
  }
  return groups.map((group) =>
    changePaths(withTemplate(group), (path) => {
      const to = places.get(path)
      return to === undefined ? path : join(folder, to)
    })
  )
}
