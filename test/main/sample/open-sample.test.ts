/** A person's copy of the sample: it holds whatever becomes of the installation, and nothing half made stays. */
import { cp, mkdir, readdir, rename, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { expect, it } from 'vitest'
import { requireModel } from '#main/catalogue/models.ts'
import { requireTask } from '#main/catalogue/tasks.ts'
import { openProject } from '#main/project/project.ts'
import { openSample } from '#main/sample/open-sample.ts'
import { findSample } from '#main/sample/sample-files.ts'
import { engineInProcess } from '#test/support/engine-in-process.ts'
import { temporaryFolder } from '#test/support/temporary-folder.ts'

/** An installation of the sample that can be moved. */
async function install(): Promise<string> {
  const folder = join(await temporaryFolder(), 'installed')
  await cp(resolve('assets/sample'), folder, { recursive: true })
  return folder
}

it('is found whole after the installation has moved', async () => {
  const [installed, folder, engine] = [await install(), await temporaryFolder(), engineInProcess()]
  const path = await openSample(await findSample(installed), folder, engine)
  await rename(installed, `${installed}-elsewhere`)
  expect((await readdir(folder)).sort()).toEqual(['Sample files', 'Sample.anchorage'])
  const project = await openProject(path, engine)
  try {
    const models = await project.store.read.models.list()
    expect(models).toHaveLength(4)
    for (const { id } of models) await requireModel(project, id)
    const tasks = await project.store.read.tasks.list()
    expect(tasks).toHaveLength(22)
    for (const { id } of tasks) await requireTask(project, id)
  } finally {
    await project.close()
  }
})

it('takes the next name where the project’s or its files’ is taken', async () => {
  const [folder, engine] = [await temporaryFolder(), engineInProcess()]
  await mkdir(join(folder, 'Sample files'))
  const path = await openSample(await findSample(resolve('assets/sample')), folder, engine)
  expect(path).toBe(join(folder, 'Sample 2.anchorage'))
  expect((await readdir(folder)).sort()).toEqual(['Sample 2 files', 'Sample 2.anchorage', 'Sample files'])
})

it('leaves nothing behind where a part of the sample is missing', async () => {
  const [installed, folder, engine] = [await install(), await temporaryFolder(), engineInProcess()]
  await rm(join(installed, 'models', 'bert-large'), { recursive: true })
  await expect(openSample(await findSample(installed), folder, engine)).rejects.toMatchObject({
    code: 'write-failed',
    detail: { found: expect.stringContaining('bert-large') }
  })
  expect(await readdir(folder)).toEqual([])
})
