/** What windows ask of the prompts of the open project. */
import type { Handlers } from '#engine/common/rpc/serve.ts'
import { requireModel } from '#main/catalogue/models.ts'
import { layOutPrompt } from '#main/catalogue/prompt-plane.ts'
import { importPrompts } from '#main/catalogue/prompts.ts'
import type { promptMethods } from '#preload/contract/prompt-methods.ts'
import type { WorkbenchContract } from '#preload/contract/workbench-methods.ts'
import type { RegisteredModel } from '#store/records/models.ts'
import { requireFound } from '#store/records/row.ts'
import { listInParts } from './list-in-parts.ts'
import type { WindowContext } from './window-context.ts'

export function promptHandlers({
  engine,
  current,
  changed
}: WindowContext): Pick<Handlers<WorkbenchContract>, keyof typeof promptMethods> {
  return {
    'prompts.list': listInParts(async () => await current.require().project.store.read.prompts.list()),
    'prompts.get': async ({ id }) => {
      const { store } = current.require().project
      return requireFound(await store.read.prompts.get(id), 'prompt', id).prompt
    },
    'prompts.inspect': async (place, { signal }) => await engine.call('prompts.inspect', place, { signal }),
    'prompts.import': async ({ imports }, { signal }) => {
      const { project } = current.require()
      const models = new Map<string, RegisteredModel>()
      for (const { modelId } of imports)
        if (!models.has(modelId)) models.set(modelId, await requireModel(project, modelId, signal))
      const chosen = imports.map(({ modelId, choice }) => ({
        choice,
        model: requireFound(models.get(modelId), 'model', modelId)
      }))
      const kept = await importPrompts(project, chosen, signal)
      changed('prompts')
      return { ids: kept.map(({ id }) => id) }
    },
    'prompts.remove': async ({ ids }) => {
      const { project, removals } = current.require()
      const taken = await project.store.write(async ({ prompts }) => {
        const rows = []
        for (const id of ids) rows.push(...(await prompts.take(id)))
        return rows
      })
      const lists = ['prompts', 'evaluations', 'runs'] as const
      for (const list of lists) changed(list)
      return { removalId: removals.note(lists, taken) }
    },
    'prompts.describe': async ({ modelId, ...request }, { signal }) => {
      const { reference } = await requireModel(current.require().project, modelId, signal)
      return await engine.call('prompts.describe', { model: reference, ...request }, { signal })
    },
    'prompts.plane': async ({ id, modelId }, { signal }) =>
      await layOutPrompt(current.require().project, id, modelId, signal)
  }
}
