/**
 * Puts the inputs of a plan into a folder, each once; the plan then names them there. A model lies under its fingerprint, so
 * that two names of it are one folder, and nodes that share the folder share it.
 */
import {
  constants,
  copyFile,
  cp,
  link,
  mkdir,
  readdir,
  realpath,
  rename,
  rm,
  stat,
  symlink
} from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { AnchorageError, causedBy, systemCode } from '#engine/common/contract/errors.ts'
import { containedPath } from '#engine/common/files/contained-path.ts'
import type { PlannedModel, PlannedTask, WorkGroup } from '#main/experiments/plan/experiment-plan.ts'
import { hashContent } from '#store/records/row.ts'
import { changePaths } from './planned-paths.ts'

/**
 * How inputs come into the folder. `share`: files of models as hard links where both lie on one file system, else copied;
 * tasks and prompts, which are small, copied. `link`: everything as symbolic links. `copy`: everything copied.
 */
export type Placing = 'share' | 'link' | 'copy'

/** Where every input of the groups goes, by its path now: folders of models and tasks, files of words and prompts. */
function destinations(groups: readonly WorkGroup[]) {
  const models = new Map<string, string>()
  const places = new Map<string, string>()
  const placeModel = ({ reference, fingerprint }: PlannedModel): void => {
    models.set(reference.folder, join('models', hashContent(fingerprint)))
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
  return { models, places }
}

/** The files of a model's folder, real path by name. @throws `file-unsafe` for a link that leads out of it */
async function modelFiles(folder: string): Promise<Map<string, string>> {
  const files = new Map<string, string>()
  const seen = new Set<string>()
  const collect = async (below: string): Promise<void> => {
    const real = await realpath(join(folder, below))
    // A link to a folder above would never end.
    if (seen.has(real)) return
    seen.add(real)
    for (const name of await readdir(real)) {
      const path = await containedPath(folder, join(below, name))
      if (path === undefined) continue
      const found = await stat(path)
      if (found.isDirectory()) await collect(join(below, name))
      else if (found.isFile()) files.set(join(below, name), path)
    }
  }
  await collect('.')
  return files
}

/** What the system says where two places can't have one file: on two file systems, or on one without hard links. */
const noHardLink = ['EXDEV', 'EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'EMLINK', 'ENOSYS']

async function share(from: string, to: string): Promise<void> {
  try {
    await link(from, to)
  } catch (cause) {
    if (!noHardLink.includes(systemCode(cause) ?? '')) throw cause
    await copyFile(from, to, constants.COPYFILE_FICLONE)
  }
}

/** Places a folder of a model, whole or not at all. */
async function placeModel(from: string, to: string, placing: Placing): Promise<void> {
  const partial = `${to}.partial`
  await rm(partial, { recursive: true, force: true })
  for (const [name, path] of await modelFiles(from)) {
    const place = join(partial, name)
    await mkdir(dirname(place), { recursive: true })
    if (placing === 'share') await share(path, place)
    else await copyFile(path, place)
  }
  await rm(to, { recursive: true, force: true })
  await rename(partial, to)
}

async function placeLink(from: string, to: string): Promise<void> {
  await rm(to, { recursive: true, force: true })
  await symlink(from, to, (await stat(from)).isDirectory() ? 'dir' : 'file')
}

async function placeCopy(from: string, to: string): Promise<void> {
  await rm(to, { recursive: true, force: true })
  await cp(from, to, { recursive: true, dereference: true })
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
 * @throws `write-failed`, `file-unsafe` where a link in a model's folder leads out of it
 */
export async function placeInputs(
  groups: readonly WorkGroup[],
  folder: string,
  placing: Placing
): Promise<WorkGroup[]> {
  const { models, places } = destinations(groups)
  for (const [from, below] of [...models, ...places]) {
    const to = join(folder, below)
    try {
      await mkdir(dirname(to), { recursive: true })
      if (placing === 'link') await placeLink(from, to)
      else if (models.has(from)) await placeModel(from, to, placing)
      else await placeCopy(from, to)
    } catch (cause) {
      if (cause instanceof AnchorageError) throw cause
      throw causedBy(cause, 'write-failed', 'An input of the experiment could not be put into the folder.', {
        where: from,
        next: 'Check the free space; --link makes symbolic links instead.'
      })
    }
  }
  return groups.map((group) =>
    changePaths(withTemplate(group), (path) => {
      const to = models.get(path) ?? places.get(path)
      return to === undefined ? path : join(folder, to)
    })
  )
}
