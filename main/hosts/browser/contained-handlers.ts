/** The workbench's methods for windows in a browser: every path that one names lies inside the allowed roots. */
import { dirname } from 'node:path'
import type { CheckedArgumentsOf } from '#engine/common/rpc/method-map.ts'
import type { Handlers } from '#engine/common/rpc/serve.ts'
import { readStudy } from '#main/experiments/spec/read-study.ts'
import { studyPaths } from '#main/experiments/workflow/study-paths.ts'
import type { BrowserContract } from '#preload/contract/browser-methods.ts'
import type { WorkbenchContract } from '#preload/contract/workbench-methods.ts'
import type { FileRoots } from './file-roots.ts'

async function containTask(
  source: CheckedArgumentsOf<WorkbenchContract, 'tasks.add'>,
  roots: FileRoots
): Promise<CheckedArgumentsOf<WorkbenchContract, 'tasks.add'>> {
  const contain = async (path: string | undefined): Promise<string | undefined> =>
    path === undefined ? undefined : await roots.contain(path)
  if (source.kind === 'relation') {
    const { folder, metainfo, commonVocabulary } = source
    return {
      ...source,
      folder: await roots.contain(folder),
      metainfo: await contain(metainfo),
      commonVocabulary: commonVocabulary === null ? null : await roots.contain(commonVocabulary)
    }
  }
  const { train, dev, test } = source.files
  const files = { train: await contain(train), dev: await contain(dev), test: await contain(test) }
  return { ...source, files }
}

/** A study file with everything that it names. */
async function containStudy(path: string, roots: FileRoots): Promise<string> {
  const file = await roots.contain(path)
  for (const named of studyPaths(await readStudy(file), dirname(file))) await roots.contain(named)
  return file
}

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
    'prompts.import': async ({ imports }, context) => {
      const contained = []
      for (const { modelId, choice } of imports)
        contained.push({ modelId, choice: { ...choice, path: await roots.contain(choice.path) } })
      return await handlers['prompts.import']({ imports: contained }, context)
    },
    'sample.open': async ({ folder }, context) =>
      await handlers['sample.open']({ folder: await roots.contain(folder) }, context),
    'tasks.add': async (source, context) =>
      await handlers['tasks.add'](await containTask(source, roots), context),
    'tasks.addRelations': async ({ folder, commonVocabulary }, context) =>
      await handlers['tasks.addRelations'](
        {
          folder: await roots.contain(folder),
          commonVocabulary: commonVocabulary === null ? null : await roots.contain(commonVocabulary)
        },
        context
      ),
    'studies.make': async ({ template, path }, context) =>
      await handlers['studies.make']({ template, path: await roots.containNew(path) }, context),
    'studies.readFile': async ({ path }, context) =>
      await handlers['studies.readFile']({ path: await roots.contain(path) }, context),
    'studies.writeFile': async ({ path, text }, context) =>
      await handlers['studies.writeFile']({ path: await roots.contain(path), text }, context),
    'studies.plan': async ({ path }, context) =>
      await handlers['studies.plan']({ path: await containStudy(path, roots) }, context),
    'studies.run': async ({ path }, context) =>
      await handlers['studies.run']({ path: await containStudy(path, roots) }, context),
    'studies.writeReport': async ({ id, folder }, context) =>
      await handlers['studies.writeReport']({ id, folder: await roots.contain(folder) }, context),
    'export.write': async (order, context) =>
      await handlers['export.write']({ ...order, folder: await roots.contain(order.folder) }, context),
    'export.bundle': async (order, context) =>
      await handlers['export.bundle']({ ...order, path: await roots.containNew(order.path) }, context)
  }
}
