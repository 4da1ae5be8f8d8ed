/** Damage in a project that was closed cleanly is found in the background, and told in window and command line. */
import { join } from 'node:path'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { createWindowService } from '#main/api/serve-windows.ts'
import { openProject } from '#main/project/project.ts'
import { openStore } from '#store/project-store.ts'
import { anchorage } from '#test/support/command-line.ts'
import { closedProjectOfManyPages, damagePage } from '#test/support/damaged-project.ts'
import { engineInProcess } from '#test/support/engine-in-process.ts'
import { temporaryFolder } from '#test/support/temporary-folder.ts'
import { callsOf, sampleFolder } from '#test/support/window-on-sample.ts'

async function closedProject(): Promise<{ folder: string; path: string }> {
  const folder = await temporaryFolder()
  const path = join(folder, 'experiment.anchorage')
  await closedProjectOfManyPages(path)
  return { folder, path }
}

const damage = { code: 'project-malformed', message: 'The project file is damaged.' }

describe('a damaged page', () => {
  it('is found after opening, with the name of the file and what to do', async () => {
    const { path } = await closedProject()
    await damagePage(path)
    const project = await openProject(path, engineInProcess())
    onTestFinished(() => project.close())
    expect(await project.integrity.ended).toMatchObject({
      ...damage,
      detail: { where: path, found: expect.stringMatching(/page/i), next: expect.stringContaining('backup') }
    })
    expect(project.integrity.damage()).toMatchObject(damage)
    // What can be read can be read.
    expect((await project.store.read.prompts.list()).map(({ name }) => name)).toEqual(['P19'])
  })

  it('is told to windows', async () => {
    const { folder, path } = await closedProject()
    await damagePage(path)
    const engine = engineInProcess()
    const service = createWindowService({
      engine,
      recentFile: join(folder, 'recent.json'),
      sampleFolder,
      documents: () => folder
    })
    onTestFinished(() => service.close())
    const call = callsOf(service)
    await call('project.open', { path })
    await vi.waitFor(async () => {
      const { project } = await call('workbench.state', {})
      expect(project?.damage).toMatchObject({ ...damage, where: path })
    })
  })

  it('is told by the commands that open the project, on standard error', async () => {
    const { path } = await closedProject()
    await damagePage(path)
    const info = await anchorage(['--json', 'project', 'info', path])
    expect(JSON.parse(info.out)).toMatchObject({ path, damage: { ...damage, where: path } })
    for (const { code, err } of [info, await anchorage(['project', 'resume', path])]) {
      expect(err).toContain(damage.message)
      expect(err).toContain(path)
      expect(err).toContain('Restore a backup.')
      expect(code).toBe(0)
    }
  })
})

describe('an undamaged project', () => {
  it('is looked through and said nothing of', async () => {
    const { path } = await closedProject()
    const project = await openProject(path, engineInProcess())
    expect(await project.integrity.ended).toBeNull()
    await project.close()
    const info = await anchorage(['--json', 'project', 'info', path])
    expect(info).toMatchObject({ code: 0, err: '' })
    expect(JSON.parse(info.out)).toMatchObject({ damage: null })
    expect(await anchorage(['project', 'resume', path])).toMatchObject({ code: 0, err: '' })
  })
})

describe('the check', () => {
  it('ends when it is told to, and keeps nobody from closing', async () => {
    const { path } = await closedProject()
    await damagePage(path)
    const store = await openStore(path)
    const controller = new AbortController()
    const check = store.checkIntegrity(controller.signal)
    controller.abort()
    await expect(check).rejects.toMatchObject({ code: 'cancelled' })
    await store.close()
    const project = await openProject(path, engineInProcess())
    await project.close()
    expect(await project.integrity.ended).toBeNull()
  })
})
