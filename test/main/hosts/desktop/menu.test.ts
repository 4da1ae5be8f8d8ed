import type { MenuItemConstructorOptions } from 'electron'
import { describe, expect, it } from 'vitest'
import { type MenuSettings, menuTemplate } from '#main/hosts/desktop/menu.ts'

/** Settings whose actions write down that they were asked. */
function settings(changes: Partial<MenuSettings> = {}): { asked: unknown[]; settings: MenuSettings } {
  const asked: unknown[] = []
  const note = (what: unknown) => () => void asked.push(what)
  return {
    asked,
    settings: {
      recent: [],
      hasProject: true,
      projects: {
        create: note('create'),
        open: (path) => void asked.push(['open', path]),
        openSample: note('sample'),
        close: note('close')
      },
      toPage: (command) => void asked.push(command),
      showLog: note('log'),
      restartEngine: note('engine'),
      openPaper: note('paper'),
      platform: 'linux',
      isPackaged: true,
      ...changes
    }
  }
}

/** Every item with what stands below it. */
function items(template: readonly MenuItemConstructorOptions[]): MenuItemConstructorOptions[] {
  return template.flatMap((item) => [item, ...(Array.isArray(item.submenu) ? items(item.submenu) : [])])
}

function find(given: MenuSettings, label: string): MenuItemConstructorOptions {
  const found = items(menuTemplate(given)).find((item) => item.label?.replace('&', '') === label)
  if (found === undefined) throw new Error(`no item ${label}`)
  return found
}

function click({ click }: MenuItemConstructorOptions): void {
  if (click === undefined) throw new Error('nothing happens')
  Reflect.apply(click, null, [])
}

describe('the menu', () => {
  it('does what its items say', () => {
    const { asked, settings: given } = settings({
      recent: [
        { path: '/a/one.anchorage', name: 'one', openedAt: 2, missing: false },
        { path: '/b/gone.anchorage', name: 'gone', openedAt: 1, missing: true }
      ]
    })
    for (const label of [
      ...['New project …', 'Open project …', 'one', 'Open sample', 'Close project'],
      ...['Compare', 'Dark', 'As the system', 'The method’s paper', 'Show the log', 'Restart engine']
    ])
      click(find(given, label))
    expect(asked).toEqual([
      'create',
      ['open', undefined],
      ['open', '/a/one.anchorage'],
      'sample',
      'close',
      { kind: 'show-screen', path: '/compare' },
      { kind: 'set-colours', scheme: 'dark' },
      { kind: 'set-colours', scheme: 'auto' },
      'paper',
      'log',
      'engine'
    ])
    expect(() => find(given, 'gone')).toThrow('no item')
  })

  it('tells recent projects of one name apart by where they lie', () => {
    const recent = ['/a/experiment.anchorage', '/b/experiment.anchorage', '/b/other.anchorage'].map(
      (path) => ({
        path,
        name: path.slice(3, -10),
        openedAt: 1,
        missing: false
      })
    )
    const given = settings({ recent }).settings
    for (const label of ['experiment (/a)', 'experiment (/b)', 'other'])
      expect(find(given, label).enabled).not.toBe(false)
  })

  it('takes no key on a Mac that writes a character', () => {
    const keys = items(menuTemplate(settings({ platform: 'darwin' }).settings)).map(
      (item) => item.accelerator
    )
    expect(keys).toContain('Cmd+1')
    expect(keys).not.toContain('Alt+1')
  })

  it('offers to restart the engine where it was given up alone', () => {
    expect(find(settings().settings, 'Restart engine').enabled).toBe(true)
    expect(find(settings({ restartEngine: null }).settings, 'Restart engine').enabled).toBe(false)
  })

  it('has a key for what is done often, each once', () => {
    const keys = items(menuTemplate(settings().settings)).flatMap(({ accelerator }) => accelerator ?? [])
    expect(keys).toContain('CmdOrCtrl+N')
    expect(keys).toContain('CmdOrCtrl+O')
    expect(keys).toContain('Alt+1')
    expect(new Set(keys).size).toBe(keys.length)
  })

  it('offers what needs a project only with one', () => {
    const { settings: given } = settings({ hasProject: false })
    for (const label of ['Close project', 'Models', 'Compare']) expect(find(given, label).enabled).toBe(false)
    expect(find(given, 'No recent projects').enabled).toBe(false)
  })

  it.each(['reload', 'forceReload', 'toggleDevTools'] as const)('has %s for developers alone', (role) => {
    const has = (isPackaged: boolean): boolean =>
      items(menuTemplate(settings({ isPackaged }).settings)).some((item) => item.role === role)
    expect(has(true)).toBe(false)
    expect(has(false)).toBe(true)
  })

  it('is laid out as its system has it', () => {
    const roles = (platform: NodeJS.Platform) =>
      items(menuTemplate(settings({ platform }).settings)).flatMap(({ role }) => role ?? [])
    expect(roles('darwin')[0]).toBe('appMenu')
    expect(roles('darwin')).not.toContain('quit')
    expect(roles('win32')).toContain('quit')
    for (const platform of ['darwin', 'win32', 'linux'] as const)
      expect(roles(platform)).toEqual(expect.arrayContaining(['editMenu', 'windowMenu', 'help', 'zoomIn']))
  })
})
