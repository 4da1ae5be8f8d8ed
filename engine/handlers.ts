/** Every method of the engine and the function that does it: the one place where the rooms meet the RPC. */

import { runBaseline } from '#engine/baselines/run-baseline.ts'
import { runRetrieval } from '#engine/baselines/run-retrieval.ts'
import type { AnchorSet } from '#engine/common/contract/anchors.ts'
import type { EngineContract } from '#engine/common/contract/engine-methods.ts'
import type { ModelReference } from '#engine/common/contract/models.ts'
import type { CheckedArgumentsOf } from '#engine/common/rpc/method-map.ts'
import type { CallContext, Handlers } from '#engine/common/rpc/serve.ts'
import type { Devices } from '#engine/devices/devices.ts'
import { engineInfo } from '#engine/devices/engine-info.ts'
import type { Provider } from '#engine/devices/session.ts'
import { findRelations } from '#engine/evaluation/find-relations.ts'
import { inspectTask } from '#engine/evaluation/inspect-task.ts'
import { runEvaluation } from '#engine/evaluation/run-evaluation.ts'
import { describeLabelWords } from '#engine/evaluation/verbaliser.ts'
import { inspectGraph } from '#engine/language-model/inspect-graph.ts'
import { readAnchorSet, writeAnchorSet } from '#engine/models/anchors/anchor-files.ts'
import type { AnchorModel } from '#engine/models/anchors/anchor-model.ts'
import { buildAnchorSet } from '#engine/models/anchors/build-anchor-set.ts'
import { findVocabularyOverlap } from '#engine/models/anchors/vocabulary-overlap.ts'
import { hashWeights } from '#engine/models/hash-weights.ts'
import { openModel } from '#engine/models/open-model.ts'
import { describeVectors } from '#engine/neighbours/describe-vectors.ts'
import { findWord } from '#engine/neighbours/find-word.ts'
import { layOutPlane } from '#engine/neighbours/plane.ts'
import { inspectPrompts } from '#engine/prompts/inspect-prompts.ts'
import { readPrompt, readPromptTree } from '#engine/prompts/read-prompt.ts'
import { writePrompt } from '#engine/prompts/write-prompt.ts'
import { runMixingBasis, runRidgePath, runTransfer } from '#engine/transfer/run-transfer.ts'
import { runRefinement } from '#engine/tuning/run-refinement.ts'
import { runTuning } from '#engine/tuning/run-tuning.ts'
import { checkModel } from '#engine/verify/check-model.ts'
import { examineModel } from '#engine/verify/examine-model.ts'
import { verify } from '#engine/verify/verify.ts'
import { findReferenceModels } from '#engine/verify/verify-models.ts'

async function openAnchorModels(
  models: readonly ModelReference[],
  { signal, progress }: CallContext
): Promise<AnchorModel[]> {
  const opened: AnchorModel[] = []
  for (const [done, reference] of models.entries()) {
    progress({ done, total: models.length, label: `Opening ${reference.folder}` })
    const { report, vocabulary, tokenizer } = await openModel(reference, signal)
    opened.push({ name: report.name, vocabulary, tokenizer })
  }
  return opened
}

async function buildAnchors(
  { name, models, recipe }: CheckedArgumentsOf<EngineContract, 'anchors.build'>,
  context: CallContext
): Promise<AnchorSet> {
  const { signal, progress } = context
  const opened = await openAnchorModels(models, context)
  return await buildAnchorSet({ name, models: opened, recipe }, { signal, onProgress: progress })
}

/** A handler that runs on the device its request names. */
function onDevice<Request extends { device: string }, Result>(
  devices: Devices,
  run: (request: Request, device: Provider, context: CallContext) => Promise<Result>
): (request: Request, context: CallContext) => Promise<Result> {
  return async (request, context) => run(request, await devices.resolveDevice(request.device), context)
}

/** The table; `devices` says what `auto` stands for. */
export const createHandlers = (devices: Devices): Handlers<EngineContract> => ({
  'engine.info': engineInfo,
  'devices.known': () => devices.known(),
  'devices.measure': (_, { signal, progress }) => devices.measure(signal, progress),
  'models.inspect': async (reference, { signal }) => (await openModel(reference, signal)).report,
  'models.examine': (reference, { signal }) => examineModel(reference, 'cpu', signal),
  'models.weights': ({ model, known }, { signal, progress }) =>
    hashWeights(model, known, { signal, onProgress: progress }),
  'graph.inspect': (reference, { signal }) => inspectGraph(reference, signal),
  'words.find': (request, { signal }) => findWord(request, signal),
  'anchors.build': buildAnchors,
  'anchors.overlap': async ({ models, recipe }, context) =>
    findVocabularyOverlap(await openAnchorModels(models, context), recipe, context.signal),
  'anchors.read': ({ path }) => readAnchorSet(path),
  'anchors.write': async ({ set, path, overwrite }) => {
    await writeAnchorSet(set, path, overwrite)
    return {}
  },
  'prompts.inspect': ({ path }, { signal }) => inspectPrompts(path, signal),
  'prompts.read': (choice, { signal }) => readPrompt(choice, signal),
  'prompts.readTree': (tree, { signal }) => readPromptTree(tree, signal),
  'prompts.describe': (request, { signal }) => describeVectors(request, signal),
  'prompts.plane': (request, { signal }) => layOutPlane(request, signal),
  'prompts.write': writePrompt,
  'transfer.run': onDevice(devices, runTransfer),
  'transfer.mixingBasis': onDevice(devices, runMixingBasis),
  'transfer.ridgePath': onDevice(devices, runRidgePath),
  'transfer.retrieval': onDevice(devices, runRetrieval),
  'baselines.run': onDevice(devices, runBaseline),
  'tasks.findRelations': ({ folder }) => findRelations(folder),
  'tasks.inspect': inspectTask,
  'tasks.labelWords': async ({ model, words }, { signal }) =>
    describeLabelWords(words, (await openModel(model, signal)).tokenizer),
  'evaluation.run': onDevice(devices, runEvaluation),
  'tuning.run': onDevice(devices, runTuning),
  'tuning.refine': onDevice(devices, runRefinement),
  'verify.run': ({ folder }, { signal }) => verify(folder, 'cpu', signal),
  'verify.findModels': ({ folder }) => findReferenceModels(folder),
  'verify.model': ({ folder }, { signal }) => checkModel(folder, signal)
})
