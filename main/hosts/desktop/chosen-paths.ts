/**
 * Which paths the page of a desktop window may name: what is not hidden on any disk, and what a person chose in a dialog of
 * the system. As in a browser, files are of the kind that a method is for, and none is replaced unless that was asked for.
 */
import { existsSync } from 'node:fs'
import { realpath } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, resolve } from 'node:path'
import { type FileRoots, openFileRoots } from '#main/hosts/page/file-roots.ts'

export type ChosenPaths = Omit<FileRoots, 'list'> & {
  /** A person chose this place for a new file, and agreed that what is there is replaced, once. */
  chooseNew(path: string): Promise<void>
}

const advice = {
  hidden: 'Choose it in the dialog of the system, or copy what is needed to a folder that is not hidden.',
  outside: 'Choose it in the dialog of the system.'
}

function wholeDisks(): string[] {
  if (process.platform !== 'win32') return ['/']
  return [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'].map((letter) => `${letter}:\\`).filter(existsSync)
}

export function createChosenPaths(): ChosenPaths {
  const chosen = new Set<string>()
  const replaceable = new Set<string>()
  /** Home is one of them for the models that Hugging Face keeps in it. */
  const roots = async (): Promise<FileRoots> => {
    const there = [...wholeDisks(), homedir(), ...chosen].filter((path) => existsSync(path))
    return await openFileRoots(there, advice)
  }
  const allow = async (path: string): Promise<void> => {
    const real = await realpath(path).catch(() => null)
    if (real !== null) chosen.add(real)
  }
  return {
    allow,
    async chooseNew(path) {
      await allow(dirname(resolve(path)))
      replaceable.add(resolve(path))
    },
    contain: async (path) => (await roots()).contain(path),
    containFile: async (path, endings) => (await roots()).containFile(path, endings),
    async containNew(path, ending) {
      const whole = resolve(path)
      if (whole.endsWith(ending) && replaceable.delete(whole)) return whole
      return (await roots()).containNew(path, ending)
    }
  }
}
