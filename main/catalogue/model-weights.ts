/**
 * The weights of models: hashed by the engine, kept in the project, and tied to what older versions computed without
 * saying with which. What ran on a model's graph depends on them; what is transferred depends on its table alone.
 */
import { resolve } from 'node:path'
import { z } from 'zod'
import type { Progress } from '#engine/common/contract/engine-methods.ts'
import { AnchorageError } from '#engine/common/contract/errors.ts'
import {
  type FileHash,
  type ModelReference,
  type ModelWeights,
  modelReferenceSchema
} from '#engine/common/contract/models.ts'
import type { ModelIdentity } from '#engine/common/contract/runs.ts'
import type { EngineCalls, WorkbenchContext } from '#main/project/context.ts'
import type { ProjectReader } from '#store/project-store.ts'
import type { RegisteredModel } from '#store/records/models.ts'
import { requireFound } from '#store/records/row.ts'

export type HashControl = {
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: (progress: Progress) => void
}

/** The weights of a model folder as they are now. @throws the engine's errors */
export type HashWeights = (reference: ModelReference, control: HashControl) => Promise<ModelWeights>

/** Hashes with the engine, which does not read a file twice while it lives; `known` are hashes from before. */
export function engineWeights(
  engine: EngineCalls,
  known: () => Promise<readonly FileHash[]> = async () => []
): HashWeights {
  return async (model, { signal, onProgress }) =>
    await engine.call('models.weights', { model, known: [...(await known())] }, { signal, onProgress })
}

/** Hashes with the engine and keeps the hashes in the project. */
export function projectWeights({ store, engine }: WorkbenchContext): HashWeights {
  const hash = engineWeights(engine, store.read.fileHashes.list)
  return async (reference, control) => {
    const found = await hash(reference, control)
    const known = new Set((await store.read.fileHashes.list()).map((file) => JSON.stringify(file)))
    const files = found.files.filter((file) => !known.has(JSON.stringify(file)))
    if (files.length > 0) await store.write(({ fileHashes }) => fileHashes.keep(files))
    return found
  }
}

/** Where a model lies: a folder, and the file of its weights where one was named. */
function placeOf({ folder, weights }: ModelReference): string {
  return JSON.stringify([resolve(folder), weights ?? null])
}

export function isSamePlace(a: ModelReference, b: ModelReference): boolean {
  return placeOf(a) === placeOf(b)
}

const plannedModel = z.object({ reference: modelReferenceSchema })
/** What of a plan says which model computes what; the rest is the planner's. */
const planSchema = z.object({
  groups: z.array(
    z.union([
      z.object({ id: z.string(), model: plannedModel }),
      z.object({ target: plannedModel, cells: z.array(z.object({ id: z.string() })) })
    ])
  )
})

/** By the hash of a run's inputs, or the recipe of a tuned prompt: the places of the model that plans have it run on. */
async function plannedPlaces({ experiments }: ProjectReader): Promise<Map<string, Set<string>>> {
  const places = new Map<string, Set<string>>()
  const add = (id: string, { reference }: z.output<typeof plannedModel>): void => {
    places.set(id, (places.get(id) ?? new Set()).add(placeOf(reference)))
  }
  for (const { id } of await experiments.list()) {
    for (const group of planSchema.safeParse(await experiments.plan(id)).data?.groups ?? []) {
      if ('model' in group) add(group.id, group.model)
      else for (const cell of group.cells) add(cell.id, group.target)
    }
  }
  return places
}

/**
 * Ties results without weights to those that their model has now: what plans have run on this folder and no other, and
 * what no plan names and was run on the registered model; of both what was stored after the last change of the files.
 * Other results stay unverified.
 * @param name of the registered model that was never elsewhere; null: what plans name alone
 * @returns how many runs were
 */
export async function verifyResults(
  { store }: Pick<WorkbenchContext, 'store'>,
  reference: ModelReference,
  { table, tokenizer }: ModelIdentity['fingerprint'],
  { weights, changedAt }: Pick<ModelWeights, 'weights' | 'changedAt'>,
  name: string | null
): Promise<number> {
  if ((await store.read.runs.countUnverified()) === 0) return 0
  const planned = await plannedPlaces(store.read)
  const own = placeOf(reference)
  const day = new Date().toISOString().slice(0, 10)
  return await store.write(({ runs }) =>
    runs.verifyWeights({
      fingerprint: { table, tokenizer, weights },
      changedAt,
      isOwn: ({ inputsHash, manifest }) => {
        const places = planned.get(inputsHash) ?? planned.get(manifest.prompt?.recipe ?? '')
        if (places !== undefined) return places.size === 1 && places.has(own)
        return manifest.target.name === name
      },
      note: `The weights were hashed on ${day}, after this run was stored; their files had not been changed since it was.`
    })
  )
}

/**
 * A registered model with its weights: hashed where they were not known, else compared with those that it was
 * registered with. What older versions computed on it is verified where it can be.
 * @throws `mismatch` where the folder holds other weights now, the engine's errors, `cancelled`
 */
export async function completeModel(
  context: WorkbenchContext,
  { id, reference, report }: RegisteredModel,
  control: HashControl
): Promise<RegisteredModel & { readonly weights: string }> {
  const { store } = context
  const found = await projectWeights(context)(reference, control)
  const { weights } = found
  const known = requireFound(await store.read.models.get(id), 'model', id)
  if (known.weights === null) {
    const twin = (await store.read.models.alike(report.fingerprint)).find((one) => one.weights === weights)
    if (twin !== undefined) throw registeredTwice(known, twin)
    // First, so that it is done again where the program ends in between.
    await verifyResults(context, reference, report.fingerprint, found, report.name)
    await store.write(({ models }) => models.setWeights(id, weights))
  } else if (known.weights !== weights) throw otherWeights(known, known.weights, weights)
  return { ...known, weights }
}

/** Two entries of the project are the same model. */
export function registeredTwice(model: RegisteredModel, twin: RegisteredModel): AnchorageError {
  return new AnchorageError('mismatch', 'The project has this model twice.', {
    where: model.reference.folder,
    found: `the weights of ${twin.report.name} in ${twin.reference.folder}`,
    next: 'Remove one of both from the project; the runs of either stay.'
  })
}

/** The folder of a model has the same table and tokenizer, and other weights. */
export function otherWeights(
  { report, reference }: Pick<RegisteredModel, 'report' | 'reference'>,
  expected: string,
  found: string
): AnchorageError {
  return new AnchorageError('mismatch', `The folder of ${report.name} holds other weights now.`, {
    where: reference.folder,
    found: `weights ${found.slice(0, 12)}…`,
    expected: `weights ${expected.slice(0, 12)}…, as when it was registered`,
    next: 'Put the files back, or add the folder: it is another model, with results of its own.'
  })
}
