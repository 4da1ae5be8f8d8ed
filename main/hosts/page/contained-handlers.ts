/** The workbench's methods as a page gets them: every path that it names lies inside the allowed roots. */
import { stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { CheckedArgumentsOf } from '#engine/common/rpc/method-map.ts'
import type { Handlers } from '#engine/common/rpc/serve.ts'
import { readExperiment } from '#main/experiments/spec/read-experiment.ts'
import { experimentPaths } from '#main/experiments/workflow/experiment-paths.ts'
import { createTurns } from '#main/turns.ts'
import type { FoundPlace } from '#preload/contract/model-methods.ts'
import type { WorkbenchContract } from '#preload/contract/workbench-methods.ts'
import type { FileRoots } from './file-roots.ts'

/** Kinds of files by their endings. */
const projects = ['.anchorage']
const plans = ['.yaml', '.yml']
const linesOfJson = ['.jsonl', '.json']
const tables = ['.tsv', '.csv', ...linesOfJson]
const wordLists = ['.txt']

async function containTask(
  source: CheckedArgumentsOf<WorkbenchContract, 'tasks.add'>,
  roots: Omit<FileRoots, 'list'>
): Promise<CheckedArgumentsOf<WorkbenchContract, 'tasks.add'>> {
  const contain = async (
    path: string | undefined,
    endings: readonly string[]
  ): Promise<string | undefined> => (path === undefined ? undefined : await roots.containFile(path, endings))
  if (source.kind === 'relation') {
    const { folder, metainfo, commonVocabulary } = source
    return {
      ...source,
      folder: await roots.contain(folder),
      metainfo: await contain(metainfo, linesOfJson),
      commonVocabulary:
        commonVocabulary === null ? null : await roots.containFile(commonVocabulary, wordLists)
    }
  }
  const { train, dev, test } = source.files
  const files = {
    train: await contain(train, tables),
    dev: await contain(dev, tables),
    test: await contain(test, tables)
  }
  return { ...source, files }
}

/** An experiment file with everything that it names. */
async function containExperiment(path: string, roots: Omit<FileRoots, 'list'>): Promise<string> {
  const file = await roots.containFile(path, plans)
  for (const named of experimentPaths(await readExperiment(file), dirname(file))) await roots.contain(named)
  return file
}

/** A model's folder or GGUF file; the file by its name in the folder, for a cache keeps contents under other names. */
async function containModel(path: string, roots: Omit<FileRoots, 'list'>): Promise<string> {
  const isFile = isGguf(path) && ((await stat(path).catch(() => undefined))?.isFile() ?? false)
  return isFile ? join(await roots.contain(dirname(path)), basename(path)) : await roots.contain(path)
}

/** Allows what the host found in the places that it looks in by itself, though they are hidden or outside of the roots. */
async function allowFound(places: readonly FoundPlace[], roots: Omit<FileRoots, 'list'>): Promise<void> {
  for (const { models } of places)
    for (const { path } of models) await roots.allow(isGguf(path) ? dirname(path) : path)
}

function isGguf(path: string): boolean {
  return path.toLowerCase().endsWith('.gguf')
}

export function containedHandlers(
  handlers: Handlers<WorkbenchContract>,
  roots: Omit<FileRoots, 'list'>
): Handlers<WorkbenchContract> {
  // A file that is checked can not be written anew before it is read again.
  const oneByOne = createTurns()
  return {
    ...handlers,
    'project.create': async ({ path }, context) =>
      await handlers['project.create']({ path: await roots.containNew(path, '.anchorage') }, context),
    'project.open': async ({ path }, context) =>
      await handlers['project.open']({ path: await roots.containFile(path, projects) }, context),
    'models.find': async ({ folder }, context) => {
      if (folder !== null)
        return await handlers['models.find']({ folder: await roots.contain(folder) }, context)
      const places = await handlers['models.find']({ folder }, context)
      await allowFound(places, roots)
      return places
    },
    'models.inspect': async ({ folder }, context) =>
      await handlers['models.inspect']({ folder: await containModel(folder, roots) }, context),
    'models.add': async (reference, context) =>
      await handlers['models.add'](
        { ...reference, folder: await containModel(reference.folder, roots) },
        context
      ),
    'models.relocate': async ({ id, folder }, context) =>
      await handlers['models.relocate']({ id, folder: await containModel(folder, roots) }, context),
    'prompts.inspect': async ({ path }, context) =>
      await handlers['prompts.inspect']({ path: await roots.contain(path) }, context),
    'prompts.import': async ({ imports }, context) => {
      const contained = []
      for (const { modelId, choice } of imports)
        contained.push({ modelId, choice: { ...choice, path: await roots.contain(choice.path) } })
      return await handlers['prompts.import']({ imports: contained }, context)
    },
    'sample.open': async (choice, context) => {
      const opened = await handlers['sample.open'](choice, context)
      await roots.allow(dirname(opened.path))
      return opened
    },
    'tasks.add': async (source, context) =>
      await handlers['tasks.add'](await containTask(source, roots), context),
    'tasks.addRelations': async ({ folder, commonVocabulary }, context) =>
      await handlers['tasks.addRelations'](
        {
          folder: await roots.contain(folder),
          commonVocabulary:
            commonVocabulary === null ? null : await roots.containFile(commonVocabulary, wordLists)
        },
        context
      ),
    'experiments.make': async ({ template, path }, context) =>
      await handlers['experiments.make']({ template, path: await roots.containNew(path, '.yaml') }, context),
    'experiments.readFile': async ({ path }, context) =>
      await handlers['experiments.readFile']({ path: await roots.containFile(path, plans) }, context),
    'experiments.writeFile': ({ path, text }, context) =>
      oneByOne(async () =>
        handlers['experiments.writeFile']({ path: await roots.containFile(path, plans), text }, context)
      ),
    'experiments.plan': ({ path }, context) =>
      oneByOne(async () =>
        handlers['experiments.plan']({ path: await containExperiment(path, roots) }, context)
      ),
    'experiments.run': ({ path }, context) =>
      oneByOne(async () =>
        handlers['experiments.run']({ path: await containExperiment(path, roots) }, context)
      ),
    'experiments.writeReport': async ({ reported, folder }, context) =>
      await handlers['experiments.writeReport']({ reported, folder: await roots.contain(folder) }, context),
    'export.write': async (order, context) =>
      await handlers['export.write']({ ...order, folder: await roots.contain(order.folder) }, context),
    'export.bundle': async (order, context) =>
      await handlers['export.bundle']({ ...order, path: await roots.containNew(order.path, '.zip') }, context)
  }
}
