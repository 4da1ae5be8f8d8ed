/** The computer is kept awake while a job runs, and no longer. */
import { join } from 'node:path'
import { expect, it, onTestFinished, vi } from 'vitest'
import { createWindowService } from '#main/api/serve-windows.ts'
import { keepAwake } from '#main/hosts/desktop/keep-awake.ts'
import { powerBlockers } from '#test/support/electron/substitute.ts'
import { engineInProcess } from '#test/support/engine-in-process.ts'
import { temporaryFolder } from '#test/support/temporary-folder.ts'
import { sampleFolder } from '#test/support/window-on-sample.ts'

it('while a job runs', async () => {
  const folder = await temporaryFolder()
  const engine = engineInProcess()
  const service = createWindowService({
    engine,
    recentFile: join(folder, 'recent.json'),
    sampleFolder,
    documents: () => folder
  })
  onTestFinished(service.close)
  const fail = (error: unknown): never => {
    throw error
  }
  const listed = vi.spyOn(service.handlers, 'jobs.list')
  keepAwake(service, fail)
  const context = { signal: new AbortController().signal, progress: () => {} }
  const job = {
    id: 'one',
    title: 'a transfer',
    kind: 'measuring' as const,
    isPaused: false,
    position: 1,
    error: null,
    cells: { queued: 0, running: 1, finished: 0, failed: 0, cancelled: 0 },
    seconds: null,
    createdAt: 0,
    endedAt: null
  }
  await service.handlers['project.create']({ path: join(folder, 'a.anchorage') }, context)
  expect([...powerBlockers.values()]).toEqual([])
  listed.mockResolvedValue([{ ...job, state: 'running' }])
  await service.handlers['recent.forget']({ path: 'nothing' }, context)
  await vi.waitFor(() => expect([...powerBlockers.values()]).toEqual(['prevent-app-suspension']))
  listed.mockResolvedValue([{ ...job, state: 'finished' }])
  await service.handlers['recent.forget']({ path: 'nothing' }, context)
  await vi.waitFor(() => expect([...powerBlockers.values()]).toEqual([]))
})
