/** What windows keep with the project of what they were showing. */
import type { Handlers } from '#engine/common/rpc/serve.ts'
import type { WorkbenchContract } from '#preload/contract/workbench-methods.ts'
import type { WindowContext } from './window-context.ts'

export function viewHandlers({
  current
}: WindowContext): Pick<Handlers<WorkbenchContract>, 'views.all' | 'views.set'> {
  return {
    'views.all': async () => await current.require().project.store.read.views.all(),
    'views.set': async ({ name, state }) => {
      await current.require().project.store.write(({ views }) => views.set(name, state))
      return {}
    }
  }
}
