/** A project made before a story begins, so that the story starts where it is about something. */
import { join } from 'node:path'
import { createProject, type Project } from '#main/project/project.ts'
import type { BrowserWindow } from './browser-window.ts'
import { callsOf } from './window-on-sample.ts'

/** Makes `story.anchorage` in the folder of the window, fills it, and opens it as another tab would. */
export async function openPrepared(
  { page, host, engine, folder }: BrowserWindow,
  prepare: (project: Project) => Promise<void>
): Promise<void> {
  const path = join(folder, 'story.anchorage')
  const project = await createProject(path, engine)
  try {
    await prepare(project)
  } finally {
    await project.close()
  }
  await callsOf(host.service)('project.open', { path })
  await page.getByRole('heading', { name: 'Models', exact: true }).waitFor()
}
