/** Runs a manifest again: finds by hash what it names, and queues the same transfer on the same device. */

import { AnchorageError } from '#engine/common/contract/errors.ts'
import { isBaseline, type RefineMethod, type TransferMethod } from '#engine/common/contract/methods.ts'
import type { ModelIdentity, RunManifest } from '#engine/common/contract/runs.ts'
import type { Project } from '#main/project/project.ts'
import type { ProjectReader } from '#store/project-store.ts'
import type { RegisteredModel } from '#store/records/models.ts'
import type { StoredPrompt } from '#store/records/prompts.ts'
import { requireFound } from '#store/records/row.ts'
import { type PlannedSource, planTransfer } from './plan-transfer.ts'
import { jobOf } from './registered-inputs.ts'

function missing(what: string, name: string, hash: string): AnchorageError {
  return new AnchorageError('not-found', `The project has no ${what} like that of the run.`, {
    where: name,
    expected: `SHA-256 ${hash}`,
    next: `Import the ${what} again.`
  })
}

/** The model that the run names: of the same weights where it says with which it was computed. */
async function findModel(
  { models }: ProjectReader,
  { name, fingerprint }: ModelIdentity
): Promise<RegisteredModel> {
  const alike = await models.alike(fingerprint)
  const { weights } = fingerprint
  const model = alike.find((one) => weights === undefined || one.weights === weights)
  if (model === undefined) throw missing('model', name, weights ?? fingerprint.table)
  return model
}

/** A prompt with the vectors of the run, of the same model where there are several. */
async function findPrompt(
  { prompts }: ProjectReader,
  { name, sha256, recipe }: RunManifest['sources'][number]['prompt'],
  { table }: ModelIdentity['fingerprint']
): Promise<StoredPrompt> {
  const same = sha256 === null ? [] : await prompts.bySha256(sha256)
  const found = same.find(({ model }) => model.tableFingerprint === table) ?? same[0]
  if (found === undefined) throw missing('prompt', name, sha256 ?? recipe ?? '')
  return requireFound(await prompts.get(found.id), 'prompt', found.id)
}

/** @throws `unsupported` for a run of another method than one that transfers or refines */
function requireTransfer({ method }: RunManifest, name: string): TransferMethod | RefineMethod {
  if (method.kind === 'exact' || method.kind === 'adam' || method.kind === 'refine') return method
  if (isBaseline(method)) return method
  throw new AnchorageError('unsupported', 'Only a transfer or a refinement is run again by itself.', {
    where: name,
    found: `a run of the method ${method.kind}`,
    next: 'Run the experiment that it is of again, or evaluate its prompt.'
  })
}

/**
 * Queues the run again as a job of its own; the job's id. The device is the one that was used, so that the
 * result is the same.
 * @throws `not-found` where the project no longer holds a model, prompt or anchor set of the run, `unsupported`
 * where it is neither a transfer nor a refinement
 */
export async function repeatRun({ store, queue }: Project, runId: string): Promise<string> {
  const { manifest, name } = requireFound(await store.read.runs.get(runId), 'run', runId)
  const method = requireTransfer(manifest, name)
  const sources: PlannedSource[] = []
  for (const { model, prompt, weight } of manifest.sources) {
    const stored = await findPrompt(store.read, prompt, model.fingerprint)
    sources.push({ model: await findModel(store.read, model), weight, prompts: [stored] })
  }
  const { mask, centre, rescale, device, refinement, anchors, seed } = manifest
  const task = manifest.task ?? refinement?.task ?? null
  const stored = anchors === null ? null : await store.read.anchorSets.byHash(anchors.hash)
  if (anchors !== null && stored === undefined) throw missing('anchor set', anchors.name, anchors.hash)
  const registered = task === null ? null : await store.read.tasks.bySha256(task.sha256)
  if (task !== null && registered === undefined) throw missing('task', task.name, task.sha256)
  const { job } = planTransfer({
    sources,
    target: await findModel(store.read, manifest.target),
    anchors,
    settings: {
      method,
      mask: mask ?? { kind: 'all' },
      centre,
      rescale: rescale ?? 'none',
      device: device.used
    },
    evaluation: manifest.evaluation,
    seeds: [seed ?? 0],
    taskOf: () => registered ?? null
  })
  return await queue.add(jobOf(job))
}
