/** The menu of the application: what it says and does, as a template. */
import { dirname } from 'node:path'
import type { MenuItemConstructorOptions } from 'electron'
import type { WindowCommand } from '#preload/contract/host-abilities.ts'
import { screenTitles } from '#preload/contract/screens.ts'
import type { RecentProject } from '#preload/contract/workbench-methods.ts'
import type { ProjectCommands } from './project-commands.ts'

export type MenuSettings = {
  readonly recent: readonly RecentProject[]
  readonly hasProject: boolean
  readonly projects: ProjectCommands
  readonly toPage: (command: WindowCommand) => void
  readonly showLog: () => void
  /** Null where the engine was not given up. */
  readonly restartEngine: (() => void) | null
  readonly openPaper: () => void
  readonly platform: NodeJS.Platform
  /** A person's installation, not a developer's. */
  readonly isPackaged: boolean
}

const separator = { type: 'separator' } as const

function recentItems({ recent, projects }: MenuSettings): MenuItemConstructorOptions[] {
  const there = recent.filter(({ missing }) => !missing)
  if (there.length === 0) return [{ label: 'No recent projects', enabled: false }]
  const isAlone = (name: string): boolean => there.filter((other) => other.name === name).length === 1
  return there.map(({ name, path }) => ({
    // Not every system shows what else an item has: of one name, each says where it lies.
    label: isAlone(name) ? name : `${name} (${dirname(path)})`,
    sublabel: path,
    toolTip: path,
    click: () => projects.open(path)
  }))
}

function fileMenu(settings: MenuSettings): MenuItemConstructorOptions {
  const { projects, platform, hasProject } = settings
  return {
    label: '&File',
    submenu: [
      { label: '&New project …', accelerator: 'CmdOrCtrl+N', click: () => projects.create() },
      { label: '&Open project …', accelerator: 'CmdOrCtrl+O', click: () => projects.open() },
      { label: 'Open &recent', submenu: recentItems(settings) },
      { label: 'Open &sample', click: () => projects.openSample() },
      separator,
      {
        label: '&Close project',
        accelerator: 'CmdOrCtrl+Shift+W',
        enabled: hasProject,
        click: () => projects.close()
      },
      separator,
      platform === 'darwin' ? { role: 'close' } : { role: 'quit' }
    ]
  }
}

function viewMenu({ toPage, hasProject, platform, isPackaged }: MenuSettings): MenuItemConstructorOptions {
  const screens = Object.entries(screenTitles).map(([path, label], index) => ({
    label,
    // On a Mac, Option and a digit write a character.
    accelerator: `${platform === 'darwin' ? 'Cmd' : 'Alt'}+${index + 1}`,
    enabled: hasProject,
    click: () => toPage({ kind: 'show-screen', path })
  }))
  const colours = (
    [
      ['Light', 'light'],
      ['Dark', 'dark'],
      ['As the system', 'auto']
    ] as const
  ).map(([label, scheme]) => ({ label, click: () => toPage({ kind: 'set-colours', scheme }) }))
  const forDevelopers: MenuItemConstructorOptions[] = isPackaged
    ? []
    : [separator, { role: 'reload' }, { role: 'forceReload' }, { role: 'toggleDevTools' }]
  return {
    label: '&View',
    submenu: [
      ...screens,
      separator,
      { label: 'Colours', submenu: colours },
      separator,
      { role: 'resetZoom' },
      { role: 'zoomIn' },
      { role: 'zoomOut' },
      separator,
      { role: 'togglefullscreen' },
      ...forDevelopers
    ]
  }
}

function helpMenu({ showLog, restartEngine, openPaper, platform }: MenuSettings): MenuItemConstructorOptions {
  const about: MenuItemConstructorOptions[] = platform === 'darwin' ? [] : [separator, { role: 'about' }]
  return {
    role: 'help',
    submenu: [
      { label: 'The method’s paper', click: openPaper },
      { label: 'Show the log', click: showLog },
      {
        label: 'Restart engine',
        enabled: restartEngine !== null,
        ...(restartEngine === null ? {} : { click: restartEngine })
      },
      ...about
    ]
  }
}

export function menuTemplate(settings: MenuSettings): MenuItemConstructorOptions[] {
  const application: MenuItemConstructorOptions[] =
    settings.platform === 'darwin' ? [{ role: 'appMenu' }] : []
  return [
    ...application,
    fileMenu(settings),
    { role: 'editMenu' },
    viewMenu(settings),
    { role: 'windowMenu' },
    helpMenu(settings)
  ]
}
