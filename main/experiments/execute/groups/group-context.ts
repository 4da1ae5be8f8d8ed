/** What the groups of an experiment are computed with: the engine, and the few things that all of them need. */
import type { Anchor } from '#engine/common/contract/anchors.ts'
import type { Progress } from '#engine/common/contract/engine-methods.ts'
import { AnchorageError } from '#engine/common/contract/errors.ts'
import type { Matrix } from '#engine/common/contract/matrix.ts'
import type { HashWeights } from '#main/catalogue/model-weights.ts'
import {
  asksSources,
  type MeasuringGroup,
  type PlannedModel,
  type PlannedPrompt,
  type PlannedTask
} from '#main/experiments/plan/experiment-plan.ts'
import type { EngineCalls } from '#main/project/context.ts'
import { hashVectors } from '#store/records/prompts.ts'

export type GroupContext = {
  readonly engine: EngineCalls
  readonly hashWeights: HashWeights
  readonly signal: AbortSignal
  readonly onProgress: (progress: Progress) => void
  /** The list that the group's anchors are the first of: of an experiment the words that all its models share. */
  readonly anchors: readonly Anchor[]
  /** The vectors of a prompt that another group tuned, or that the project holds. @throws `not-found` */
  readonly storedPrompt: (prompt: Exclude<PlannedPrompt, { from: 'file' }>) => Promise<Matrix>
  /** Of the program and what computes. */
  readonly versions: Readonly<Record<string, string>>
}

/** What the prompts of a group are found with. */
export type InputContext = Omit<GroupContext, 'versions'>

function changed(what: string, where: string, found: string, expected: string): AnchorageError {
  return new AnchorageError('mismatch', `${what} is not what the experiment was planned with.`, {
    where,
    found: `SHA-256 ${found.slice(0, 12)}…`,
    expected: `SHA-256 ${expected.slice(0, 12)}…`,
    next: 'Put it back, or plan the experiment again: what did not change is not computed anew.'
  })
}

/**
 * A model that is registered in the project was looked at where it was found there.
 * @throws `mismatch` where the folder holds another model now, by table and tokenizer
 */
export async function requirePlannedModel(
  { engine, signal }: InputContext,
  { name, reference, fingerprint, registered }: PlannedModel
): Promise<void> {
  if (registered !== undefined) return
  const now = (await engine.call('models.inspect', reference, { signal })).fingerprint
  for (const part of ['table', 'tokenizer'] as const) {
    if (now[part] !== fingerprint[part]) {
      throw changed(`The ${part} of ${name}`, reference.folder, now[part], fingerprint[part])
    }
  }
}

/**
 * A model that the group runs, with its weights: a plan of before they were hashed has none.
 * @throws `mismatch` where the folder holds another model now
 */
export async function requireWholeModel(context: InputContext, model: PlannedModel): Promise<PlannedModel> {
  if (model.registered !== undefined) return model
  await requirePlannedModel(context, model)
  const { name, reference, fingerprint } = model
  const { signal, onProgress, hashWeights } = context
  const { weights } = await hashWeights(reference, { signal, onProgress })
  if (fingerprint.weights !== undefined && weights !== fingerprint.weights)
    throw changed(`The weights of ${name}`, reference.folder, weights, fingerprint.weights)
  return { ...model, fingerprint: { ...fingerprint, weights } }
}

/**
 * A source as it was planned; with its weights where a cell of the group asks it for answers.
 * @throws `mismatch` where the folder holds another model now
 */
export async function requireSourceModel(
  context: InputContext,
  model: PlannedModel,
  group: Pick<MeasuringGroup, 'cells'>
): Promise<PlannedModel> {
  if (asksSources(group)) return await requireWholeModel(context, model)
  await requirePlannedModel(context, model)
  return model
}

/** @throws `mismatch` where the files hold another task now */
export async function requirePlannedTask(
  { engine, signal }: InputContext,
  { name, source, sha256 }: PlannedTask
): Promise<void> {
  const now = await engine.call('tasks.inspect', source, { signal })
  if (now.sha256 === sha256) return
  const where = source.kind === 'relation' ? source.folder : Object.values(source.files).join(', ')
  throw changed(`The task ${name}`, where, now.sha256, sha256)
}

/** The vectors of a prompt. @throws `mismatch` where its file holds others now, `not-found` */
export async function readPlannedPrompt(
  { engine, signal, storedPrompt }: InputContext,
  prompt: PlannedPrompt
): Promise<Matrix> {
  if (prompt.from !== 'file') return await storedPrompt(prompt)
  const { path, part, length, model, id } = prompt
  const { vectors } = await engine.call('prompts.read', { path, part, vectors: length, model }, { signal })
  const found = hashVectors(vectors)
  if (found !== id) throw changed('The prompt', path, found, id)
  return vectors
}

/** @throws `mismatch` where the shared words are others now */
export function requireAnchors(found: string, expected: string): void {
  if (found !== expected) throw changed('The list of shared words', 'anchors', found, expected)
}
