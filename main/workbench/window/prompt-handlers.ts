/** What windows ask of the prompts of the open project. */
import type { Handlers } from '../../../engine/rpc/serve.ts'
import type { promptMethods } from '../../../preload/contract/prompt-methods.ts'
import type { WorkbenchContract } from '../../../preload/contract/workbench-methods.ts'
import { requireFound } from '../../store/records/row.ts'
import { requireModel } from '../catalogue/models.ts'
import { importPrompt, importPromptTree } from '../catalogue/prompts.ts'
import type { WindowContext } from './window-context.ts'

export function promptHandlers({
  engine,
  current,
  changed
}: WindowContext): Pick<Handlers<WorkbenchContract>, keyof typeof promptMethods> {
  return {
    'prompts.list': async () => await current.require().project.store.read.prompts.list(),
    'prompts.get': async ({ id }) => {
      const { store } = current.require().project
      return requireFound(await store.read.prompts.get(id), 'prompt', id).prompt
    },
    'prompts.inspect': async (place, { signal }) => await engine.call('prompts.inspect', place, { signal }),
    'prompts.import': async ({ modelId, choice }, { signal }) => {
      const { project } = current.require()
      const model = await requireModel(project, modelId, signal)
      const { id } = await importPrompt(project, choice, model, signal)
      changed('prompts')
      return { ids: [id] }
    },
    'prompts.importTree': async ({ modelId, tree }, { signal }) => {
      const { project } = current.require()
      const model = await requireModel(project, modelId, signal)
      const kept = await importPromptTree(project, tree, model, signal)
      changed('prompts')
      return { ids: kept.map(({ id }) => id) }
    },
    'prompts.describe': async ({ modelId, ...request }, { signal }) => {
      const { reference } = await requireModel(current.require().project, modelId, signal)
      return await engine.call('prompts.describe', { model: reference, ...request }, { signal })
    }
  }
}
