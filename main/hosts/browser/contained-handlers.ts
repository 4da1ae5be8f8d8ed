/** The workbench's methods for windows in a browser: every path that one names lies inside the allowed roots. */
import type { Handlers } from '../../../engine/rpc/serve.ts'
import type { BrowserContract } from '../../../preload/contract/browser-methods.ts'
import type { WorkbenchContract } from '../../../preload/contract/workbench-methods.ts'
import type { FileRoots } from './file-roots.ts'

export function containedHandlers(
  handlers: Handlers<WorkbenchContract>,
  roots: FileRoots
): Handlers<BrowserContract> {
  return {
    ...handlers,
    'files.list': async ({ folder }) => await roots.list(folder),
    'project.create': async ({ path }, context) =>
      await handlers['project.create']({ path: await roots.containNew(path) }, context),
    'project.open': async ({ path }, context) =>
      await handlers['project.open']({ path: await roots.contain(path) }, context),
    'models.add': async (reference, context) =>
      await handlers['models.add']({ ...reference, folder: await roots.contain(reference.folder) }, context),
    'models.relocate': async ({ id, folder }, context) =>
      await handlers['models.relocate']({ id, folder: await roots.contain(folder) }, context),
    'prompts.inspect': async ({ path }, context) =>
      await handlers['prompts.inspect']({ path: await roots.contain(path) }, context),
    'prompts.import': async ({ modelId, choice }, context) => {
      const path = await roots.contain(choice.path)
      return await handlers['prompts.import']({ modelId, choice: { ...choice, path } }, context)
    },
    'prompts.importTree': async ({ modelId, tree }, context) => {
      const path = await roots.contain(tree.path)
      return await handlers['prompts.importTree']({ modelId, tree: { ...tree, path } }, context)
    }
  }
}
