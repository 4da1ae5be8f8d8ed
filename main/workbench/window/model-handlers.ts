/** What windows ask of the models of the open project. */
import type { Handlers } from '../../../engine/rpc/serve.ts'
import type { modelMethods } from '../../../preload/contract/model-methods.ts'
import type { WorkbenchContract } from '../../../preload/contract/workbench-methods.ts'
import { requireFound } from '../../store/records/row.ts'
import { registerModel, relocateModel } from '../catalogue/models.ts'
import { isThere } from './recent-projects.ts'
import type { WindowContext } from './window-context.ts'

export function modelHandlers({
  current,
  changed
}: WindowContext): Pick<Handlers<WorkbenchContract>, keyof typeof modelMethods> {
  return {
    'models.list': async () => {
      const models = await current.require().project.store.read.models.list()
      return await Promise.all(
        models.map(async ({ id, reference, report }) => ({
          id,
          reference,
          report,
          missing: !(await isThere(reference.folder))
        }))
      )
    },
    'models.add': async (reference, { signal }) => {
      const { id } = await registerModel(current.require().project, reference, signal)
      changed('models')
      return { id }
    },
    'models.relocate': async ({ id, folder }, { signal }) => {
      await relocateModel(current.require().project, id, { folder }, signal)
      changed('models')
      return {}
    },
    'models.remove': async ({ id }) => {
      const { project, removedModels } = current.require()
      const removed = await project.store.write(async ({ models }) => {
        const model = requireFound(await models.get(id), 'model', id)
        await models.remove(id)
        return model
      })
      removedModels.set(id, removed)
      changed('models')
      return {}
    },
    'models.restore': async ({ id }) => {
      const { project, removedModels } = current.require()
      const model = requireFound(removedModels.get(id), 'model', id)
      await project.store.write(async ({ models }) => {
        // Added again by hand in the meantime, it is there already.
        if ((await models.byFingerprint(model.report.fingerprint)) === undefined) await models.restore(model)
      })
      removedModels.delete(id)
      changed('models')
      return {}
    }
  }
}
