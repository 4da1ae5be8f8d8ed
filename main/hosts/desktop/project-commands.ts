/** What the menu and the system ask of projects. It is done here rather than in the page, which shows what came of it. */
import type { BrowserWindow } from 'electron'
import type { WindowService } from '#main/api/serve-windows.ts'
import { chooseExisting, chooseNew } from './host-abilities.ts'
import { showError } from './show-error.ts'

const extension = '.anchorage'

export type ProjectCommands = {
  create(): void
  /** Opens a project; without a path the person chooses one. */
  open(path?: string): void
  openSample(): void
  close(): void
}

/** @param getWindow the window whose dialogs are shown; it is made anew where it was closed */
export function projectCommands(
  { handlers }: WindowService,
  getWindow: () => Promise<BrowserWindow>
): ProjectCommands {
  const context = { signal: new AbortController().signal, progress: () => {} }
  const run = (action: () => Promise<void>): void => {
    action().catch(showError)
  }
  return {
    create: () =>
      run(async () => {
        const path = await chooseNew(await getWindow(), {
          title: 'New project',
          name: 'experiment',
          extension
        })
        if (path !== null) await handlers['project.create']({ path }, context)
      }),
    open: (given) =>
      run(async () => {
        const window = await getWindow()
        const choice = { title: 'Open a project', kind: 'file', extension } as const
        const path = given ?? (await chooseExisting(window, choice))
        if (path !== null) await handlers['project.open']({ path }, context)
      }),
    openSample: () =>
      run(async () => {
        await getWindow()
        await handlers['sample.open']({ isNew: false }, context)
      }),
    close: () =>
      run(async () => {
        await handlers['project.close']({}, context)
      })
  }
}
