/** Runs a manifest again: finds by hash what it names, and queues the same transfer on the same device. */

import { AnchorageError } from '#engine/common/contract/errors.ts'
import type { ModelReport } from '#engine/common/contract/models.ts'
import type { Project } from '#main/project/project.ts'
import type { ProjectReader } from '#store/project-store.ts'
import type { ModelIdentity, TransferManifest } from '#store/records/manifest.ts'
import type { RegisteredModel } from '#store/records/models.ts'
import type { StoredPrompt } from '#store/records/prompts.ts'
import { requireFound } from '#store/records/row.ts'
import { type PlannedSource, planTransfer } from './plan-transfer.ts'

function missing(what: string, name: string, hash: string): AnchorageError {
  return new AnchorageError('not-found', `The project has no ${what} like that of the run.`, {
    where: name,
    expected: `SHA-256 ${hash}`,
    next: `Import the ${what} again.`
  })
}

async function findModel(
  { models }: ProjectReader,
  { name, fingerprint }: ModelIdentity
): Promise<RegisteredModel> {
  const model = await models.byFingerprint(fingerprint)
  if (model === undefined) throw missing('model', name, fingerprint.table)
  return model
}

/** A prompt with the vectors of the run, of the same model where there are several. */
async function findPrompt(
  { prompts }: ProjectReader,
  { name, sha256 }: TransferManifest['sources'][number]['prompt'],
  { table }: ModelReport['fingerprint']
): Promise<StoredPrompt> {
  const same = await prompts.bySha256(sha256)
  const found = same.find(({ model }) => model.tableFingerprint === table) ?? same[0]
  if (found === undefined) throw missing('prompt', name, sha256)
  return requireFound(await prompts.get(found.id), 'prompt', found.id)
}

/**
 * Queues the run again as a job of its own; the job's id. The device is the one that was used, so that the
 * result is the same.
 * @throws `not-found` where the project no longer holds a model, prompt or anchor set of the run
 */
export async function repeatRun({ store, queue }: Project, runId: string): Promise<string> {
  const { manifest } = requireFound(await store.read.runs.get(runId), 'run', runId)
  const sources: PlannedSource[] = []
  for (const { model, prompt, weight } of manifest.sources) {
    const stored = await findPrompt(store.read, prompt, model.fingerprint)
    sources.push({ model: await findModel(store.read, model), weight, prompts: [stored] })
  }
  const anchors = await store.read.anchorSets.byHash(manifest.anchors.hash)
  if (anchors === undefined) throw missing('anchor set', manifest.anchors.name, manifest.anchors.hash)
  const { mask, solver, rescale, device } = manifest
  const { job } = planTransfer({
    sources,
    target: await findModel(store.read, manifest.target),
    anchorSetId: anchors.id,
    settings: { mask, solver, rescale, device: device.used },
    seeds: solver.kind === 'adam' ? [solver.seed] : []
  })
  return await queue.add(job)
}
