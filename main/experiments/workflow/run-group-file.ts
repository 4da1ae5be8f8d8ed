/** Runs one group of an exported experiment: what a job of the workflow does. Tuned prompts lie beside its own result. */
import { dirname, join, parse, resolve } from 'node:path'
import { anchorSetSchema } from '#engine/common/contract/anchors.ts'
import { AnchorageError } from '#engine/common/contract/errors.ts'
import { engineWeights } from '#main/catalogue/model-weights.ts'
import { type GroupContext, requireAnchors } from '#main/experiments/execute/groups/group-context.ts'
import { runGroup } from '#main/experiments/execute/groups/run-group.ts'
import { type WorkGroup, workGroupSchema } from '#main/experiments/plan/experiment-plan.ts'
import { readVersions } from '#main/project/versions.ts'
import { noteAttempt } from './attempts.ts'
import { inFolder, readFolderFile, readOutcome, writeOutcome } from './experiment-folder.ts'
import { changePaths, containedFrom } from './planned-paths.ts'

/** Prompts that other groups tuned lie beside their outcome; an exported experiment names no others. */
function tunedPrompts(folder: string): GroupContext['storedPrompt'] {
  return async ({ id }) => {
    const path = join(folder, `${id}.json`)
    const outcome = await readOutcome(path, id)
    if (outcome.kind === 'tuning' && outcome.run.vectors !== null) return outcome.run.vectors
    throw new AnchorageError('file-malformed', 'A result that should be a tuned prompt is something else.', {
      where: path,
      found: outcome.kind,
      expected: 'tuning'
    })
  }
}

/**
 * Runs the group of a file and writes its outcome whole, so that a job that is killed leaves none; notes the attempt.
 * @param out the file to write; prompts that other groups tuned are looked for in its folder
 * @returns the group
 */
export async function runGroupFile(
  file: string,
  out: string,
  { engine, signal, onProgress }: Pick<GroupContext, 'engine' | 'signal' | 'onProgress'>
): Promise<WorkGroup> {
  const path = resolve(file)
  const folder = dirname(path)
  const workflow = join(folder, '..')
  const group = changePaths(await readFolderFile(path, workGroupSchema), containedFrom(folder, workflow))
  return await noteAttempt(workflow, parse(path).name, async () => {
    const { anchors, hash } = await readFolderFile(join(workflow, inFolder.anchors), anchorSetSchema)
    if (group.kind === 'measuring' && group.anchorsHash !== null) requireAnchors(hash, group.anchorsHash)
    const outcome = await runGroup(group, {
      engine,
      hashWeights: engineWeights(engine),
      signal,
      onProgress,
      anchors,
      storedPrompt: tunedPrompts(dirname(resolve(out))),
      versions: await readVersions(engine, signal)
    })
    await writeOutcome(resolve(out), group.id, outcome)
    return group
  })
}
