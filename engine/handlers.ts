/**
 * Every method of the engine and the function that does it: the one place where the modules meet the RPC. A module is
 * loaded when it is first called, as onnxruntime and its like take longer to load than a small model to open.
 */
import type { EngineContract } from '#engine/common/contract/engine-methods.ts'
import type { ModelReference } from '#engine/common/contract/models.ts'
import type { CallContext, Handlers } from '#engine/common/rpc/serve.ts'
import type { Devices } from '#engine/devices/devices.ts'
import type { Provider } from '#engine/devices/session.ts'
import type { AnchorModel } from '#engine/models/anchors/anchor-model.ts'

const modules = {
  models: () => import('#engine/models/open-model.ts'),
  anchorFiles: () => import('#engine/models/anchors/anchor-files.ts'),
  readPrompt: () => import('#engine/prompts/read-prompt.ts'),
  runEvaluation: () => import('#engine/evaluation/run-evaluation.ts'),
  runTransfer: () => import('#engine/transfer/run-transfer.ts')
}

async function openAnchorModels(
  models: readonly ModelReference[],
  { signal, progress }: CallContext
): Promise<AnchorModel[]> {
  const { openModel } = await modules.models()
  const opened: AnchorModel[] = []
  for (const [done, reference] of models.entries()) {
    progress({ done, total: models.length, label: `Opening ${reference.folder}` })
    const { report, vocabulary, tokenizer } = await openModel(reference, signal)
    opened.push({ name: report.name, vocabulary, tokenizer })
  }
  return opened
}

/** A handler that runs on the device its request names. @param load the function that does it */
function onDevice<Request extends { device: string }, Result>(
  devices: Devices,
  load: () => Promise<(request: Request, device: Provider, context: CallContext) => Promise<Result>>
): (request: Request, context: CallContext) => Promise<Result> {
  return async (request, context) => {
    const run = await load()
    return await run(request, await devices.resolveDevice(request.device), context)
  }
}

/** The table; `devices` says what `auto` stands for. */
export const createHandlers = (devices: Devices): Handlers<EngineContract> => ({
  'engine.info': async () => (await import('#engine/devices/engine-info.ts')).engineInfo(),
  'memory.release': async ({ keptFor }) => {
    await (await import('#engine/memory/kept-between-calls.ts')).releaseKept(keptFor)
    return {}
  },
  'devices.known': () => devices.known(),
  'devices.measure': (_, { signal, progress }) => devices.measure(signal, progress),
  'models.inspect': async (reference, { signal }) =>
    await (await modules.models()).inspectModel(reference, signal),
  'models.similarity': onDevice(
    devices,
    async () => (await import('#engine/transfer/model-similarity.ts')).compareModels
  ),
  'models.examine': async (reference, { signal }) =>
    await (await import('#engine/verify/examine-model.ts')).examineModel(reference, 'cpu', signal),
  'models.weights': async ({ model, known }, { signal, progress }) => {
    const { hashWeights } = await import('#engine/models/hash-weights.ts')
    return await hashWeights(model, known, { signal, onProgress: progress })
  },
  'graph.inspect': async (reference, { signal }) =>
    await (await import('#engine/language-model/inspect-graph.ts')).inspectGraph(reference, signal),
  'words.find': async (request, { signal }) =>
    await (await import('#engine/neighbours/find-word.ts')).findWord(request, signal),
  'anchors.build': async ({ name, models, recipe }, context) => {
    const { buildAnchorSet } = await import('#engine/models/anchors/build-anchor-set.ts')
    const { signal, progress } = context
    const opened = await openAnchorModels(models, context)
    return await buildAnchorSet({ name, models: opened, recipe }, { signal, onProgress: progress })
  },
  'anchors.overlap': async ({ models, recipe }, context) => {
    const { findVocabularyOverlap } = await import('#engine/models/anchors/vocabulary-overlap.ts')
    return findVocabularyOverlap(await openAnchorModels(models, context), recipe, context.signal)
  },
  'anchors.span': onDevice(
    devices,
    async () => (await import('#engine/transfer/anchor-span.ts')).findAnchorSpan
  ),
  'anchors.read': async ({ path }) => await (await modules.anchorFiles()).readAnchorSet(path),
  'anchors.write': async ({ set, path, overwrite }) => {
    await (await modules.anchorFiles()).writeAnchorSet(set, path, overwrite)
    return {}
  },
  'prompts.inspect': async ({ path }, { signal }) =>
    await (await import('#engine/prompts/inspect-prompts.ts')).inspectPrompts(path, signal),
  'prompts.read': async (choice, { signal }) => await (await modules.readPrompt()).readPrompt(choice, signal),
  'prompts.readTree': async (tree, { signal }) =>
    await (await modules.readPrompt()).readPromptTree(tree, signal),
  'prompts.describe': async (request, { signal }) =>
    await (await import('#engine/neighbours/describe-vectors.ts')).describeVectors(request, signal),
  'prompts.plane': async (request, { signal }) =>
    await (await import('#engine/neighbours/plane.ts')).layOutPlane(request, signal),
  'prompts.write': async (request) =>
    await (await import('#engine/prompts/write-prompt.ts')).writePrompt(request),
  'transfer.run': onDevice(devices, async () => (await modules.runTransfer()).runTransfer),
  'transfer.mixingBasis': onDevice(devices, async () => (await modules.runTransfer()).runMixingBasis),
  'transfer.ridgePath': onDevice(devices, async () => (await modules.runTransfer()).runRidgePath),
  'transfer.retrieval': onDevice(
    devices,
    async () => (await import('#engine/baselines/run-retrieval.ts')).runRetrieval
  ),
  'baselines.run': onDevice(
    devices,
    async () => (await import('#engine/baselines/run-baseline.ts')).runBaseline
  ),
  'tasks.findRelations': async ({ folder }) =>
    await (await import('#engine/evaluation/find-relations.ts')).findRelations(folder),
  'tasks.inspect': async (request) =>
    await (await import('#engine/evaluation/inspect-task.ts')).inspectTask(request),
  'tasks.labelWords': async ({ model, words }, { signal }) => {
    const { describeLabelWords } = await import('#engine/evaluation/verbaliser.ts')
    const { openModel } = await modules.models()
    return describeLabelWords(words, (await openModel(model, signal)).tokenizer)
  },
  'evaluation.run': onDevice(devices, async () => (await modules.runEvaluation()).runEvaluation),
  'evaluation.examples': onDevice(devices, async () => (await modules.runEvaluation()).listExamples),
  'tuning.run': onDevice(devices, async () => (await import('#engine/tuning/run-tuning.ts')).runTuning),
  'tuning.refine': onDevice(
    devices,
    async () => (await import('#engine/tuning/run-refinement.ts')).runRefinement
  ),
  'tuning.agreement': onDevice(
    devices,
    async () => (await import('#engine/tuning/run-agreement.ts')).runAgreement
  ),
  'verify.run': async ({ folder }, { signal }) =>
    await (await import('#engine/verify/verify.ts')).verify(folder, 'cpu', signal),
  'verify.findModels': async ({ folder }) =>
    await (await import('#engine/verify/verify-models.ts')).findReferenceModels(folder),
  'verify.model': async ({ folder }, { signal }) =>
    await (await import('#engine/verify/check-model.ts')).checkModel(folder, signal)
})
