/** The workbench for a browser, for tests of the host and of the page. */
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { pino } from 'pino'
import { type BrowserHost, startBrowserHost } from '#main/hosts/browser/browser-host.ts'
import type { SupervisedEngine } from '#main/project/context.ts'
import type { EngineInProcess } from './engine-in-process.ts'

export const pageFolder = fileURLToPath(new URL('../../out/renderer', import.meta.url))

const sampleFolder = fileURLToPath(new URL('../../assets/sample', import.meta.url))

export type BrowserWorkbench<Engine extends SupervisedEngine = EngineInProcess> = {
  host: BrowserHost
  engine: Engine
}

/** A host that may see `folder`, where it keeps its settings too, and `more`. */
export async function startWorkbenchOn<Engine extends SupervisedEngine>(
  engine: Engine,
  folder: string,
  more: readonly string[] = []
): Promise<BrowserWorkbench<Engine>> {
  const host = await startBrowserHost({
    engine,
    pageFolder,
    roots: [folder, ...more],
    sampleFolder,
    documents: folder,
    recentFile: join(folder, '.settings', 'recent.json'),
    port: 0,
    log: pino({ level: 'silent' })
  })
  return { host, engine }
}
