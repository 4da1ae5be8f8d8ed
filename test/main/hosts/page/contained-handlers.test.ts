/**
 * An experiment names places in its text: a page may plan and run only one whose places it may see. Models that the host
 * found by itself may be named wherever they lie, and nothing beside them.
 */
import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, expect, it, onTestFinished, vi } from 'vitest'
import { createWindowService } from '#main/api/serve-windows.ts'
import { containedHandlers } from '#main/hosts/page/contained-handlers.ts'
import { openFileRoots } from '#main/hosts/page/file-roots.ts'
import { engineInProcess } from '#test/support/engine-in-process.ts'
import { homeWithModels } from '#test/support/model-places.ts'
import { sampleFolder, smallExperiment } from '#test/support/small-experiment.ts'
import { temporaryFolder } from '#test/support/temporary-folder.ts'

it('an experiment that names something outside of the roots is neither planned nor run', async () => {
  const folder = await temporaryFolder()
  const root = join(folder, 'root')
  await mkdir(root)
  const experiment = join(root, 'small.yaml')
  await writeFile(experiment, smallExperiment())
  const service = createWindowService({
    engine: engineInProcess(),
    recentFile: join(folder, 'recent.json'),
    sampleFolder,
    documents: () => folder
  })
  onTestFinished(() => service.close())
  await service.handlers['project.create'](
    { path: join(folder, 'p.anchorage') },
    { signal: new AbortController().signal, progress: () => {} }
  )
  const context = { signal: new AbortController().signal, progress: () => {} }
  const unsafe = expect.objectContaining({ code: 'file-unsafe' })
  const narrow = containedHandlers(service.handlers, await openFileRoots([root]))
  await expect(narrow['experiments.plan']({ path: experiment }, context)).rejects.toEqual(unsafe)
  await expect(narrow['experiments.run']({ path: experiment }, context)).rejects.toEqual(unsafe)
  await expect(
    narrow['experiments.readFile']({ path: join(folder, 'p.anchorage') }, context)
  ).rejects.toEqual(unsafe)
  const wide = containedHandlers(service.handlers, await openFileRoots([root, sampleFolder]))
  expect(await wide['experiments.plan']({ path: experiment }, context)).toMatchObject({ cells: 16, done: 0 })
})

it('a plan that is checked is read before it can be written anew', async () => {
  const folder = await temporaryFolder()
  const plan = join(folder, 'small.yaml')
  await writeFile(plan, smallExperiment())
  const service = createWindowService({
    engine: engineInProcess(),
    recentFile: join(folder, 'recent.json'),
    sampleFolder,
    documents: () => folder
  })
  onTestFinished(() => service.close())
  const context = { signal: new AbortController().signal, progress: () => {} }
  await service.handlers['project.create']({ path: join(folder, 'p.anchorage') }, context)
  const handlers = containedHandlers(service.handlers, await openFileRoots([folder, sampleFolder]))
  // The second would make the first read something else than what was checked.
  const [planned] = await Promise.all([
    handlers['experiments.plan']({ path: plan }, context),
    handlers['experiments.writeFile']({ path: plan, text: 'no experiment' }, context)
  ])
  expect(planned).toMatchObject({ cells: 16 })
})

afterEach(() => vi.unstubAllEnvs())

it('found models may be named though they are hidden and outside of the roots, and nothing else of their places', async () => {
  const { home, hub, lmStudio } = await homeWithModels()
  for (const name of ['HF_HUB_CACHE', 'HUGGINGFACE_HUB_CACHE', 'HF_HOME', 'XDG_CACHE_HOME'])
    vi.stubEnv(name, undefined)
  vi.stubEnv('HF_HUB_CACHE', hub)
  vi.stubEnv('HOME', home)
  vi.stubEnv('USERPROFILE', home)
  const root = await temporaryFolder()
  const service = createWindowService({
    engine: engineInProcess(),
    recentFile: join(root, 'recent.json'),
    sampleFolder,
    documents: () => root
  })
  onTestFinished(() => service.close())
  const context = { signal: new AbortController().signal, progress: () => {} }
  const unsafe = expect.objectContaining({ code: 'file-unsafe' })
  const handlers = containedHandlers(service.handlers, await openFileRoots([root]))
  await handlers['project.create']({ path: join(root, 'p.anchorage') }, context)
  const tiny = join(hub, 'models--someone--tiny')
  const gguf = join(lmStudio, 'maker', 'gpt2', 'gpt2-f32.gguf')
  for (const folder of [tiny, gguf])
    await expect(handlers['models.inspect']({ folder }, context)).rejects.toEqual(unsafe)
  await expect(handlers['models.find']({ folder: hub }, context)).rejects.toEqual(unsafe)

  await handlers['models.find']({ folder: null }, context)
  await expect(
    handlers['models.inspect']({ folder: tiny }, { ...context, signal: AbortSignal.abort() })
  ).rejects.toEqual(expect.objectContaining({ code: 'cancelled' }))
  for (const [folder, family] of [
    [tiny, 'bert'],
    [gguf, 'gpt2']
  ] as const) {
    const inspection = await handlers['models.inspect']({ folder }, context)
    expect(inspection).toMatchObject({ report: { family }, graph: { obstacles: [] } })
    await handlers['models.add']({ folder }, context)
  }
  const added = await handlers['models.list']({}, context)
  expect(added.map(({ reference }) => reference.folder).sort()).toEqual([tiny, gguf].sort())
  const broken = join(hub, 'models--someone--broken')
  await expect(handlers['models.inspect']({ folder: broken }, context)).rejects.toMatchObject({
    message: 'The cache holds no files of this model.'
  })
  for (const folder of [hub, lmStudio, home, join(hub, 'datasets--someone--lama')])
    await expect(handlers['models.inspect']({ folder }, context)).rejects.toEqual(unsafe)
})

it('a link that is called as a GGUF file leads nowhere outside of the roots', async () => {
  const root = await temporaryFolder()
  await symlink(await temporaryFolder(), join(root, 'folder.gguf'))
  const { lmStudio } = await homeWithModels()
  await symlink(join(lmStudio, 'maker', 'gpt2', 'gpt2-f32.gguf'), join(root, 'file.gguf'))
  const service = createWindowService({
    engine: engineInProcess(),
    recentFile: join(root, 'recent.json'),
    sampleFolder,
    documents: () => root
  })
  onTestFinished(() => service.close())
  const context = { signal: new AbortController().signal, progress: () => {} }
  const handlers = containedHandlers(service.handlers, await openFileRoots([root]))
  for (const name of ['folder.gguf', 'file.gguf'])
    await expect(handlers['models.inspect']({ folder: join(root, name) }, context)).rejects.toEqual(
      expect.objectContaining({ code: 'file-unsafe' })
    )
})

it('the copy of the sample may be opened again wherever the host has put it, and nothing beside its folder', async () => {
  const [root, documents] = [await temporaryFolder(), await temporaryFolder()]
  await writeFile(join(documents, 'other.anchorage'), '')
  const service = createWindowService({
    engine: engineInProcess(),
    recentFile: join(root, 'recent.json'),
    sampleFolder,
    documents: () => documents
  })
  onTestFinished(() => service.close())
  const context = { signal: new AbortController().signal, progress: () => {} }
  const handlers = containedHandlers(service.handlers, await openFileRoots([root]))
  const { path } = await handlers['sample.open']({ isNew: false }, context)
  expect(path).toBe(join(documents, 'Anchorage', 'Sample.anchorage'))
  await handlers['project.close']({}, context)
  await handlers['project.open']({ path }, context)
  expect((await handlers['models.list']({}, context)).length).toBe(4)
  expect(await handlers['sample.open']({ isNew: false }, context)).toEqual({ path })
  await expect(
    handlers['project.open']({ path: join(documents, 'other.anchorage') }, context)
  ).rejects.toMatchObject({ code: 'file-unsafe' })
})
