/** Computes one cell of a transfer with the engine, and says how its result is stored. */
import type { Prompt } from '#engine/common/contract/prompts.ts'
import type { TransferRequest, TransferResult } from '#engine/common/contract/transfer.ts'
import { requireModel } from '#main/catalogue/models.ts'
import { requireTask } from '#main/catalogue/tasks.ts'
import { askModel } from '#main/experiments/evaluations/ask-model.ts'
import { commonValue } from '#main/project/common-value.ts'
import type { CellContext, WorkbenchContext } from '#main/project/context.ts'
import type { CellControl, StoreResult } from '#main/queue/queue.ts'
import type { StoredAnchorSet } from '#store/records/anchor-sets.ts'
import { modelIdentity, selectionRule, type TransferManifest } from '#store/records/manifest.ts'
import type { RegisteredModel } from '#store/records/models.ts'
import type { StoredPrompt } from '#store/records/prompts.ts'
import { requireFound } from '#store/records/row.ts'
import type { TransferSettings, TransferWork } from '#store/records/work.ts'

/** Everything that a cell works with, read from the project. */
type Inputs = {
  readonly sources: readonly { model: RegisteredModel; weight: number; stored: StoredPrompt }[]
  readonly target: RegisteredModel
  readonly anchors: StoredAnchorSet
  readonly solver: TransferSettings['solver']
}

async function readInputs(
  context: WorkbenchContext,
  settings: TransferSettings,
  work: TransferWork,
  signal: AbortSignal
): Promise<Inputs> {
  const { read } = context.store
  const sources: Inputs['sources'][number][] = []
  for (const [index, { modelId, weight }] of settings.sources.entries()) {
    const promptId = requireFound(work.promptIds[index], 'prompt of a source', `${index + 1}`)
    const stored = requireFound(await read.prompts.get(promptId), 'prompt', promptId)
    sources.push({ model: await requireModel(context, modelId, signal), weight, stored })
  }
  const { solver } = settings
  return {
    sources,
    target: await requireModel(context, settings.targetId, signal),
    anchors: requireFound(
      await read.anchorSets.get(settings.anchorSetId),
      'anchor set',
      settings.anchorSetId
    ),
    solver: solver.kind === 'adam' && work.seed !== null ? { ...solver, seed: work.seed } : solver
  }
}

function manifestOf(
  settings: TransferSettings,
  { sources, target, anchors, solver }: Inputs,
  result: TransferResult,
  versions: Record<string, string>
): TransferManifest {
  const prompts = sources.map(({ stored }) => stored.prompt)
  return {
    kind: 'transfer',
    sources: sources.map(({ model, weight, stored }) => ({
      model: modelIdentity(model),
      prompt: { name: stored.prompt.name, sha256: stored.sha256 },
      weight
    })),
    target: modelIdentity(target),
    anchors: { name: anchors.set.name, hash: anchors.set.hash, count: anchors.set.anchors.length },
    mask: settings.mask,
    solver,
    rescale: settings.rescale,
    task: commonValue(prompts.map(({ task }) => task)),
    relation: commonValue(prompts.map(({ relation }) => relation)),
    template: commonValue(prompts.map(({ template }) => template)),
    selection: selectionRule(solver),
    device: { asked: settings.device, used: result.device },
    versions
  }
}

/** The prompt that the run made, as one of the target. */
function resultPrompt(
  name: string,
  { sources, target }: Inputs,
  manifest: TransferManifest,
  vectors: Prompt['vectors'],
  run: string
): Prompt {
  return {
    name,
    vectors,
    model: { name: target.report.name, tableFingerprint: target.report.fingerprint.table },
    task: manifest.task,
    relation: manifest.relation,
    position: commonValue(sources.map(({ stored }) => stored.prompt.position)) ?? 'unknown',
    template: manifest.template,
    origin: { kind: 'run', run },
    warnings: []
  }
}

function requestOf(
  settings: TransferSettings,
  { sources, target, anchors, solver }: Inputs
): TransferRequest {
  return {
    sources: sources.map(({ model, weight, stored }) => ({
      model: model.reference,
      prompt: stored.prompt.vectors,
      weight
    })),
    target: target.reference,
    anchors: anchors.set.anchors,
    mask: settings.mask,
    solver,
    rescale: settings.rescale,
    device: settings.device
  }
}

/** Carries the prompts of one cell and, where the job says so, asks the target its task with the result. */
export async function runTransferCell(
  context: CellContext,
  settings: TransferSettings,
  work: TransferWork,
  { cellId, name }: { cellId: string; name: string },
  { signal, onProgress }: CellControl
): Promise<StoreResult> {
  const { engine, versions } = context
  const inputs = await readInputs(context, settings, work, signal)
  const result = await engine.call('transfer.run', requestOf(settings, inputs), { signal, onProgress })
  const manifest = manifestOf(settings, inputs, result, await versions())
  const { evaluation: asking, device } = settings
  const answers =
    asking === null || work.taskId === null
      ? []
      : await askModel(
          engine,
          {
            model: inputs.target,
            task: await requireTask(context, work.taskId, signal),
            asking,
            contestants: [
              { kind: 'prompt', prompt: { name, vectors: result.prompt, template: manifest.template } }
            ],
            device
          },
          manifest.versions,
          { signal, onProgress }
        )
  return async ({ runs, prompts, evaluations }) => {
    const { report, search, seconds } = result
    const run = await runs.add({ cellId, name, manifest, report, search, seconds })
    const promptId = await prompts.add(resultPrompt(name, inputs, manifest, result.prompt, run))
    for (const answer of answers) await evaluations.add({ cellId, promptId, ...answer })
  }
}
