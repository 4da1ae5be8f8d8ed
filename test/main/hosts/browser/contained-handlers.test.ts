/** A study names places in its text: a page may plan and run only one whose places it may see. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { createWindowService } from '#main/api/serve-windows.ts'
import { containedHandlers } from '#main/hosts/browser/contained-handlers.ts'
import { openFileRoots } from '#main/hosts/browser/file-roots.ts'
import { engineInProcess } from '#test/support/engine-in-process.ts'
import { sampleFolder, smallStudy } from '#test/support/small-study.ts'
import { temporaryFolder } from '#test/support/temporary-folder.ts'

it('a study that names something outside of the roots is neither planned nor run', async () => {
  const folder = await temporaryFolder()
  const root = join(folder, 'root')
  await mkdir(root)
  const study = join(root, 'small.yaml')
  await writeFile(study, smallStudy())
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
  await expect(narrow['studies.plan']({ path: study }, context)).rejects.toEqual(unsafe)
  await expect(narrow['studies.run']({ path: study }, context)).rejects.toEqual(unsafe)
  await expect(narrow['studies.readFile']({ path: join(folder, 'p.anchorage') }, context)).rejects.toEqual(
    unsafe
  )
  const wide = containedHandlers(service.handlers, await openFileRoots([root, sampleFolder]))
  expect(await wide['studies.plan']({ path: study }, context)).toMatchObject({ cells: 16, done: 0 })
})

it('a plan that is checked is read before it can be written anew', async () => {
  const folder = await temporaryFolder()
  const plan = join(folder, 'small.yaml')
  await writeFile(plan, smallStudy())
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
    handlers['studies.plan']({ path: plan }, context),
    handlers['studies.writeFile']({ path: plan, text: 'no study' }, context)
  ])
  expect(planned).toMatchObject({ cells: 16 })
})
