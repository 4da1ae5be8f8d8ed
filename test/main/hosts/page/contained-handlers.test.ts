/** An experiment names places in its text: a page may plan and run only one whose places it may see. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { createWindowService } from '#main/api/serve-windows.ts'
import { containedHandlers } from '#main/hosts/page/contained-handlers.ts'
import { openFileRoots } from '#main/hosts/page/file-roots.ts'
import { engineInProcess } from '#test/support/engine-in-process.ts'
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
    sampleFolder
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
    sampleFolder
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
