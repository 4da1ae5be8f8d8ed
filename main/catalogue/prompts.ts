/** The prompts of a project: imported from files, each belonging to a model of the project. */
import { belongingTo } from '#engine/common/contract/fits-model.ts'
import type { Prompt, PromptChoice, PromptTree } from '#engine/common/contract/prompts.ts'
import type { WorkbenchContext } from '#main/project/context.ts'
import type { RegisteredModel } from '#store/records/models.ts'
import type { StoredPrompt } from '#store/records/prompts.ts'
import { hashVectors } from '#store/records/prompts.ts'
import { requireFound } from '#store/records/row.ts'

/** Prompts as those of `model`. @throws `mismatch` where the widths differ, naming the models that would fit */
async function allBelongingTo(
  { store }: WorkbenchContext,
  prompts: readonly Prompt[],
  model: RegisteredModel
): Promise<Prompt[]> {
  const known = (await store.read.models.list()).map(({ report }) => report)
  return prompts.map((prompt) => belongingTo(prompt, model.report, known))
}

/** Stores prompts in one transaction; one that is there already, from the same file, is not stored twice. */
async function keepPrompts(context: WorkbenchContext, prompts: readonly Prompt[]): Promise<StoredPrompt[]> {
  return await context.store.write(async (writer) => {
    const kept: StoredPrompt[] = []
    for (const prompt of prompts) {
      const same = await writer.prompts.bySha256(hashVectors(prompt.vectors))
      const known = same.find(
        ({ name, relation, model }) =>
          name === prompt.name &&
          relation === prompt.relation &&
          model.tableFingerprint === prompt.model.tableFingerprint
      )
      const id = known?.id ?? (await writer.prompts.add(prompt))
      kept.push(requireFound(await writer.prompts.get(id), 'prompt', id))
    }
    return kept
  })
}

/** What is read, and the model that it belongs to. */
export type PromptImport = { readonly choice: PromptChoice; readonly model: RegisteredModel }

/**
 * Imports prompts: all of them, or none where one can't be read or does not fit.
 * @throws `mismatch` where the widths differ, naming the models that would fit
 */
export async function importPrompts(
  context: WorkbenchContext,
  imports: readonly PromptImport[],
  signal?: AbortSignal
): Promise<StoredPrompt[]> {
  const belonging: Prompt[] = []
  for (const { choice, model } of imports) {
    const prompt = await context.engine.call('prompts.read', { ...choice, model: model.report }, { signal })
    belonging.push(...(await allBelongingTo(context, [prompt], model)))
  }
  return await keepPrompts(context, belonging)
}

/** Imports a whole tree of relations of a model, or nothing where one prompt can't be read. */
export async function importPromptTree(
  context: WorkbenchContext,
  tree: PromptTree,
  model: RegisteredModel,
  signal?: AbortSignal
): Promise<StoredPrompt[]> {
  const prompts = await context.engine.call('prompts.readTree', { ...tree, model: model.report }, { signal })
  return await keepPrompts(context, await allBelongingTo(context, prompts, model))
}
