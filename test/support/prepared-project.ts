/** A project made before a story begins, so that the story starts where it is about something. */
import { join } from 'node:path'
import { createProject, type Project } from '#main/project/project.ts'
import type { BrowserWindow } from './browser-window.ts'

/** Makes `story.anchorage` in the folder of the window, fills it, and opens it from the start screen. */
export async function openPrepared(
  { page, engine, folder }: BrowserWindow,
  prepare: (project: Project) => Promise<void>
): Promise<void> {
  const project = await createProject(join(folder, 'story.anchorage'), engine)
  try {
    await prepare(project)
  } finally {
    await project.close()
  }
  await page.getByRole('button', { name: 'Open project' }).click()
  await page.getByRole('button', { name: 'story.anchorage' }).click()
  await page.getByRole('heading', { name: 'Models', exact: true }).waitFor()
}
