/** A window on a copy of the sample that was made before, for stories that are not about how a person opens it. */
import { copyFile, mkdir, mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { openSample } from '#main/sample/open-sample.ts'
import { findSample } from '#main/sample/sample-files.ts'
import { type BrowserWindow, openBlankWindow } from './browser-window.ts'
import { type EngineInProcess, engineInProcess } from './engine-in-process.ts'
import { sampleCopy } from './open-sample.ts'
import { callsOf, sampleFolder, type WindowCalls } from './window-on-sample.ts'

export type SampleWindow<Prepared> = BrowserWindow & { call: WindowCalls; prepared: Prepared }

let copied: Promise<string> | null = null

/** A copy of the sample, opened without its tour, for all tests of this process; it goes with the cache of the tests. */
async function copySample(): Promise<string> {
  const cache = process.env['ANCHORAGE_CACHE'] ?? tmpdir()
  await mkdir(cache, { recursive: true })
  const folder = await mkdtemp(join(cache, 'sample-'))
  return await openSample(await findSample(sampleFolder), folder, engineInProcess())
}

/**
 * A page on a project of its own, which is that copy's: its models and tasks are shared, so nothing may be written to them.
 * @param prepare changes the project before the page is loaded; what it returns is `prepared`
 */
export async function openPreparedSample<Prepared>(
  prepare: (call: WindowCalls) => Promise<Prepared>,
  engine: EngineInProcess = engineInProcess()
): Promise<SampleWindow<Prepared>> {
  const window = await openBlankWindow(engine)
  copied ??= copySample()
  const path = sampleCopy(window.folder)
  await mkdir(dirname(path))
  await copyFile(await copied, path)
  const call = callsOf(window.host.service)
  await call('project.open', { path })
  const prepared = await prepare(call)
  await window.page.goto(window.host.url)
  await window.page.getByRole('heading', { name: 'Models', exact: true }).waitFor()
  return { ...window, call, prepared }
}

/** As `openPreparedSample`, with the project as it comes. */
export async function openSampleWindow(engine?: EngineInProcess): Promise<SampleWindow<void>> {
  return await openPreparedSample(async () => {}, engine)
}
