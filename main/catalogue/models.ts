/** The models of a project: registered by fingerprint, found again by it wherever the folder went. */
import { AnchorageError } from '#engine/common/contract/errors.ts'
import type { ModelReference, ModelReport } from '#engine/common/contract/models.ts'
import type { ModelIdentity } from '#engine/common/contract/runs.ts'
import type { WorkbenchContext } from '#main/project/context.ts'
import type { RegisteredModel } from '#store/records/models.ts'
import { requireFound } from '#store/records/row.ts'
import {
  completeModel,
  type HashControl,
  isSamePlace,
  otherWeights,
  projectWeights,
  registeredTwice
} from './model-weights.ts'

/** A model as a manifest names it: with its weights where they are known. */
export function modelIdentity({
  report,
  weights
}: Pick<RegisteredModel, 'report' | 'weights'>): ModelIdentity {
  return {
    name: report.name,
    fingerprint: weights === null ? report.fingerprint : { ...report.fingerprint, weights }
  }
}

/** The registered model of these weights, completed where its own are not known yet; undefined: it is another model. */
async function findAlike(
  context: WorkbenchContext,
  alike: readonly RegisteredModel[],
  weights: string,
  control: HashControl
): Promise<RegisteredModel | undefined> {
  const known = alike.find((model) => model.weights === weights)
  if (known !== undefined) return known
  for (const model of alike.filter((one) => one.weights === null)) {
    try {
      await requireModel(context, model.id, control.signal)
      if ((await completeModel(context, model, control)).weights === weights) return model
    } catch (error) {
      // Its folder is gone or holds another model: this is where it went, for all that is known of it.
      if (error instanceof AnchorageError && ['file-not-found', 'mismatch'].includes(error.code)) return model
      throw error
    }
  }
  return undefined
}

/**
 * Registers the model of a folder; one that is known by its fingerprint gets its new path. Weights are hashed where
 * another model has the same table, and otherwise left to be hashed later.
 */
export async function registerModel(
  context: WorkbenchContext,
  reference: ModelReference,
  signal?: AbortSignal
): Promise<RegisteredModel> {
  const { store, engine } = context
  const control: HashControl = { signal }
  const report = await engine.call('models.inspect', reference, { signal })
  const alike = await store.read.models.alike(report.fingerprint)
  const [first, ...others] = alike
  const isUnhashed = first?.weights === null && others.length === 0 && isSamePlace(first.reference, reference)
  if (first !== undefined && isUnhashed) {
    await store.write(({ models }) => models.update(first.id, reference, report))
    return { ...first, reference, report }
  }
  const weights = first === undefined ? null : (await projectWeights(context)(reference, control)).weights
  const known = weights === null ? undefined : await findAlike(context, alike, weights, control)
  return await store.write(async ({ models }) => {
    const id = known?.id ?? (await models.add(reference, report, weights))
    if (known !== undefined) await models.update(id, reference, report)
    if (weights !== null) await models.setWeights(id, weights)
    return requireFound(await models.get(id), 'model', id)
  })
}

/**
 * A registered model whose folder still holds it, by table and tokenizer: what transfers depend on.
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
 * A registered model to run: its folder still holds it, with its weights, which are hashed where they are not known.
 * @throws as `requireModel`, and `mismatch` where the folder holds other weights
 */
export async function requireWholeModel(
  context: WorkbenchContext,
  id: string,
  control: HashControl
): Promise<RegisteredModel> {
  return await completeModel(context, await requireModel(context, id, control.signal), control)
}

/**
 * Notes where a registered model is now.
 * @throws `mismatch` where that folder holds another model, or the same with other weights
 */
export async function relocateModel(
  context: WorkbenchContext,
  id: string,
  reference: ModelReference,
  signal?: AbortSignal,
  onProgress?: HashControl['onProgress']
): Promise<RegisteredModel> {
  const { store, engine } = context
  const model = requireFound(await store.read.models.get(id), 'model', id)
  const report = await engine.call('models.inspect', reference, { signal })
  requireSameTable(model, report)
  const control: HashControl = onProgress === undefined ? { signal } : { signal, onProgress }
  const { weights } = await projectWeights(context)(reference, control)
  if (model.weights !== null && weights !== model.weights)
    throw otherWeights({ report, reference }, model.weights, weights)
  const twin = (await store.read.models.alike(report.fingerprint)).find((one) => one.weights === weights)
  if (twin !== undefined && twin.id !== id) throw registeredTwice(model, twin)
  return await store.write(async ({ models }) => {
    await models.update(id, reference, report)
    // What was computed elsewhere with weights that nobody hashed stays unverified.
    await models.setWeights(id, weights)
    return requireFound(await models.get(id), 'model', id)
  })
}

function requireSameTable({ report }: RegisteredModel, now: ModelReport): void {
  if (now.fingerprint.table === report.fingerprint.table) return
  throw new AnchorageError('mismatch', `This is not ${report.name}.`, {
    where: now.folder,
    found: `${now.name}, table ${now.fingerprint.table.slice(0, 12)}…`,
    expected: `table ${report.fingerprint.table.slice(0, 12)}…`,
    next: 'Choose the folder that the model was moved to, or register this one as another model.'
  })
}
