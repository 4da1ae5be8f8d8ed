/** The abilities of a desktop window: the system's dialogs, clipboard, browser and file manager. */
import { access } from 'node:fs/promises'
import { type BrowserWindow, clipboard, dialog, type FileFilter, shell } from 'electron'
import { AnchorageError } from '#engine/common/contract/errors.ts'
import { writeWholeFile } from '#engine/common/files/write-whole.ts'
import type { Handlers } from '#engine/common/rpc/serve.ts'
import type { DesktopContract, hostMethods } from '#preload/contract/desktop-methods.ts'
import type { Choice } from '#preload/contract/host-abilities.ts'
import { requireSafeLink } from '#preload/contract/safe-link.ts'
import type { ChosenPaths } from './chosen-paths.ts'

type OpenProperty = 'openFile' | 'openDirectory'

function filters(extension: string | undefined): FileFilter[] {
  return extension === undefined ? [] : [{ name: `*${extension}`, extensions: [extension.slice(1)] }]
}

/** What the dialog lets be chosen. Only macOS has one for both; elsewhere the person says which first. */
async function openProperties(
  { kind, title }: Choice,
  window: BrowserWindow
): Promise<OpenProperty[] | null> {
  if (kind === 'file') return ['openFile']
  if (kind === 'folder') return ['openDirectory']
  if (process.platform === 'darwin') return ['openFile', 'openDirectory']
  const buttons = ['A file …', 'A folder …', 'Cancel']
  const { response } = await dialog.showMessageBox(window, { message: title, buttons, cancelId: 2 })
  if (response === 0) return ['openFile']
  return response === 1 ? ['openDirectory'] : null
}

/** An existing file or folder, or null where the person changed their mind. */
export async function chooseExisting(window: BrowserWindow, choice: Choice): Promise<string | null> {
  const properties = await openProperties(choice, window)
  if (properties === null) return null
  const { title, extension } = choice
  const { filePaths } = await dialog.showOpenDialog(window, {
    title,
    properties,
    filters: filters(extension)
  })
  return filePaths[0] ?? null
}

/** A path for a new file that ends in `extension`: not every system's dialog adds it. */
export async function chooseNew(
  window: BrowserWindow,
  { title, name, extension }: { title: string; name: string; extension: string }
): Promise<string | null> {
  const options = { title, defaultPath: `${name}${extension}`, filters: filters(extension) }
  const { canceled, filePath } = await dialog.showSaveDialog(window, options)
  if (canceled || filePath === '') return null
  return filePath.endsWith(extension) ? filePath : `${filePath}${extension}`
}

async function requireThere(path: string): Promise<void> {
  await access(path).catch((cause: unknown) => {
    throw new AnchorageError('file-not-found', 'There is nothing at this path.', { where: path }, cause)
  })
}

/** @param paths are told what the person chose */
export function hostAbilities(
  window: BrowserWindow,
  paths: ChosenPaths
): Pick<Handlers<DesktopContract>, keyof typeof hostMethods> {
  return {
    'host.choose': async (choice) => {
      const path = await chooseExisting(window, choice)
      if (path !== null) await paths.allow(path)
      return { path }
    },
    'host.chooseNew': async (choice) => {
      const path = await chooseNew(window, choice)
      if (path !== null) await paths.chooseNew(path)
      return { path }
    },
    'host.saveFile': async ({ title, name, data }) => {
      const { canceled, filePath } = await dialog.showSaveDialog(window, { title, defaultPath: name })
      if (canceled || filePath === '') return { saved: false }
      await writeWholeFile(filePath, data)
      return { saved: true }
    },
    'host.copyText': ({ text }) => {
      clipboard.writeText(text)
      return {}
    },
    'host.openLink': async ({ url }) => {
      await shell.openExternal(requireSafeLink(url))
      return {}
    },
    'host.reveal': async ({ path }) => {
      await requireThere(path)
      shell.showItemInFolder(path)
      return {}
    }
  }
}
