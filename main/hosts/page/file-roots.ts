/** The folders that a page may see: every path it names is contained in them by real path. */
import { lstat, readdir, realpath } from 'node:fs/promises'
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'
import { AnchorageError } from '#engine/common/contract/errors.ts'
import type { FolderListing } from '#preload/contract/browser-methods.ts'

export type FileRoots = {
  /** The real path of what is there, inside a root and not hidden. @throws `file-not-found`, `file-unsafe` */
  contain(path: string): Promise<string>
  /** The real path of a regular file whose name ends in one of `endings`. @throws as `contain` */
  containFile(path: string, endings: readonly string[]): Promise<string>
  /**
   * The path of a file that is not there yet, in a folder inside a root. Its name ends in `ending`.
   * @throws as `contain`, `write-failed` where something is there
   */
  containNew(path: string, ending: string): Promise<string>
  /** Lets this file or folder be named too, wherever it is: the host or a person chose it, not the page. */
  allow(path: string): Promise<void>
  list(folder: string | null): Promise<FolderListing>
}

/** Where Hugging Face keeps what it fetched: hidden, and what people open models from. */
const modelCache = join('.cache', 'huggingface')

function isInside(root: string, path: string): boolean {
  const way = relative(root, path)
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way)
}

function endsIn(path: string, endings: readonly string[]): boolean {
  return endings.some((ending) => path.length > ending.length && path.toLowerCase().endsWith(ending))
}

/** Whether a name on the way from the root is hidden: settings, keys and histories are kept under such names. */
function isHidden(root: string, path: string): boolean {
  const way = relative(root, path)
  const names = (way.startsWith(modelCache + sep) ? way.slice(modelCache.length + 1) : way).split(sep)
  return names.some((name) => name.startsWith('.'))
}

async function realPath(path: string): Promise<string> {
  try {
    return await realpath(resolve(path))
  } catch (cause) {
    throw new AnchorageError(
      'file-not-found',
      'There is nothing at this path.',
      { where: path, next: 'Choose a file or folder that is there.' },
      cause
    )
  }
}

/** What to do where a path is refused, which differs by host. */
export type RootsAdvice = { readonly hidden: string; readonly outside: string }

const browserAdvice: RootsAdvice = {
  hidden: 'Copy what is needed to a folder that is not hidden, or start with `--root` at the hidden folder.',
  outside: 'Start with `--root FOLDER` to allow another folder.'
}

/** Roots by their real paths. @throws `file-not-found` where one is not there */
export async function openFileRoots(
  folders: readonly string[],
  advice: RootsAdvice = browserAdvice
): Promise<FileRoots> {
  const roots = [...new Set(await Promise.all(folders.map(realPath)))]
  const allowed = new Set<string>()
  const isSeen = (path: string): boolean => roots.some((root) => isInside(root, path))

  const requireSeen = (path: string, real: string): string => {
    const around = [...roots, ...allowed].filter((root) => isInside(root, real))
    if (around.some((root) => !isHidden(root, real))) return real
    if (around.length > 0) {
      throw new AnchorageError('file-unsafe', 'Hidden files are not for the page.', {
        where: path,
        found: real,
        expected: 'names that do not begin with a full stop',
        next: advice.hidden
      })
    }
    throw new AnchorageError('file-unsafe', 'This place is outside of what the page may see.', {
      where: path,
      found: real,
      expected: `a place inside ${roots.join(' or ')}`,
      next: advice.outside
    })
  }

  const contain = async (path: string): Promise<string> => requireSeen(path, await realPath(path))

  const requireEnding = (path: string, endings: readonly string[]): void => {
    if (endsIn(basename(path), endings)) return
    throw new AnchorageError('file-unsafe', 'This is not a file of the kind that is meant.', {
      where: path,
      found: basename(path),
      expected: `a name that ends in ${endings.join(' or ')}`,
      next: 'Choose a file of that kind.'
    })
  }

  const containFile = async (path: string, endings: readonly string[]): Promise<string> => {
    const real = await contain(path)
    // Of the file itself, not of a link to it.
    requireEnding(real, endings)
    if ((await lstat(real)).isFile()) return real
    throw new AnchorageError('file-unreadable', 'This is not a file.', {
      where: path,
      found: 'a folder, pipe or device',
      expected: 'a regular file',
      next: 'Choose the file itself.'
    })
  }

  const containNew = async (path: string, ending: string): Promise<string> => {
    // The name is taken of the whole path, after its `..`, as the folder is.
    const whole = resolve(path)
    requireEnding(whole, [ending])
    const real = join(await contain(dirname(whole)), basename(whole))
    requireSeen(path, real)
    const there = await lstat(real).catch(() => undefined)
    if (there === undefined) return real
    throw new AnchorageError('write-failed', 'There is something in this place already.', {
      where: real,
      found: there.isFile() ? 'a file' : 'a folder, link or device',
      expected: 'a free name',
      next: 'Choose another name.'
    })
  }

  const readable = async (folder: string, name: string): Promise<FolderListing['entries']> => {
    try {
      const path = await contain(join(folder, name))
      const isFolder = await readdir(path).then(
        () => true,
        () => false
      )
      return [{ name, path, kind: isFolder ? 'folder' : 'file' }]
    } catch {
      // A broken link, or one that leads out: not for this list.
      return []
    }
  }

  const list = async (asked: string | null): Promise<FolderListing> => {
    const folder = await contain(asked ?? roots[0] ?? '.')
    const items = await readdir(folder, { withFileTypes: true }).catch((cause: unknown) => {
      throw new AnchorageError('file-unreadable', 'The folder could not be read.', { where: folder }, cause)
    })
    const shown = items.filter(({ name }) => !name.startsWith('.'))
    const entries = await Promise.all(
      shown.map(async (item): Promise<FolderListing['entries']> => {
        const path = join(folder, item.name)
        if (item.isDirectory()) return [{ name: item.name, path, kind: 'folder' }]
        if (item.isFile()) return [{ name: item.name, path, kind: 'file' }]
        return item.isSymbolicLink() ? await readable(folder, item.name) : []
      })
    )
    const above = dirname(folder)
    return {
      folder,
      parent: above !== folder && isSeen(above) ? above : null,
      roots,
      entries: entries
        .flat()
        .sort((a, b) => (a.kind === b.kind ? a.name.localeCompare(b.name) : a.kind === 'folder' ? -1 : 1))
    }
  }

  const allow = async (path: string): Promise<void> => {
    // What is gone by now needs no leave.
    const real = await realpath(path).catch(() => null)
    if (real !== null) allowed.add(real)
  }

  return { contain, containFile, containNew, allow, list }
}
