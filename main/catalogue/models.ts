/** The models of a project: registered by fingerprint, found again by it wherever the folder went. */
import { AnchorageError } from '#engine/common/contract/errors.ts'
import type { ModelReference } from '#engine/common/contract/models.ts'
import type { ModelIdentity } from '#engine/common/contract/runs.ts'
import type { WorkbenchContext } from '#main/project/context.ts'
import type { RegisteredModel } from '#store/records/models.ts'
import { requireFound } from '#store/records/row.ts'

/** A model as a manifest names it. */
export function modelIdentity({ report }: RegisteredModel): ModelIdentity {
  return { name: report.name, fingerprint: report.fingerprint }
}

/** Registers the model of a folder; one that is known by its fingerprint gets its new path. */
export async function registerModel(
  { store, engine }: WorkbenchContext,
  reference: ModelReference,
  signal?: AbortSignal
): Promise<RegisteredModel> {
  const report = await engine.call('models.inspect', reference, { signal })
  return await store.write(async ({ models }) => {
    const known = await models.byFingerprint(report.fingerprint)
    const id = known?.id ?? (await models.add(reference, report))
    if (known !== undefined) await models.update(id, reference, report)
    return requireFound(await models.get(id), 'model', id)
  })
}

/**
 * A registered model whose folder still holds it.
 * @throws `file-not-found` where the folder is gone, `mismatch` where it holds another model
 */
export async function requireModel(
  { store, engine }: WorkbenchContext,
  id: string,
  signal?: AbortSignal
): Promise<RegisteredModel> {
  const model = requireFound(await store.read.models.get(id), 'model', id)
  const now = await engine.call('models.inspect', model.reference, { signal })
  const { table, tokenizer } = model.report.fingerprint
  if (now.fingerprint.table === table && now.fingerprint.tokenizer === tokenizer) return model
  throw new AnchorageError('mismatch', `The folder of ${model.report.name} holds another model now.`, {
    where: model.reference.folder,
    found: `table ${now.fingerprint.table.slice(0, 12)}…`,
    expected: `table ${table.slice(0, 12)}…, as when it was registered`,
    next: 'Put the model back, or say where it is now.'
  })
}

/**
 * Notes where a registered model is now.
 * @throws `mismatch` where that folder holds another model
 */
export async function relocateModel(
  { store, engine }: WorkbenchContext,
  id: string,
  reference: ModelReference,
  signal?: AbortSignal
): Promise<RegisteredModel> {
  const model = requireFound(await store.read.models.get(id), 'model', id)
  const report = await engine.call('models.inspect', reference, { signal })
  if (report.fingerprint.table !== model.report.fingerprint.table) {
    throw new AnchorageError('mismatch', `This is not ${model.report.name}.`, {
      where: reference.folder,
      found: `${report.name}, table ${report.fingerprint.table.slice(0, 12)}…`,
      expected: `table ${model.report.fingerprint.table.slice(0, 12)}…`,
      next: 'Choose the folder that the model was moved to, or register this one as another model.'
    })
  }
  return await store.write(async ({ models }) => {
    await models.update(id, reference, report)
    return requireFound(await models.get(id), 'model', id)
  })
}
