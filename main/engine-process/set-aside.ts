/**
 * Files that end the engine: those that calls were working on at two of its deaths are set aside, and no call that needs
 * them is sent to it until somebody asks for them again.
 */
import { isAbsolute } from 'node:path'
import { AnchorageError } from '#engine/common/contract/errors.ts'

/** Where calls name the files and folders that they read. */
const fileKeys: readonly string[] = ['folder', 'path', 'metainfo', 'commonVocabulary', 'train', 'dev', 'test']

/** The files and folders that a call reads, by its arguments; what it knows of others (`known`) it does not read. */
export function filesOf(value: unknown): string[] {
  const found = new Set<string>()
  const visit = (one: unknown): void => {
    if (typeof one !== 'object' || one === null || ArrayBuffer.isView(one)) return
    for (const [key, inner] of Object.entries(one)) {
      if (key === 'known') continue
      if (typeof inner !== 'string') visit(inner)
      else if (fileKeys.includes(key) && isAbsolute(inner)) found.add(inner)
    }
  }
  visit(value)
  return [...found]
}

/** A call with the files that it works on. */
export type FileWork = { readonly method: string; readonly files: readonly string[] }

export type SetAside = {
  /** Notes a death in the middle of these calls; whether files were set aside by it. */
  noteDeath(calls: Iterable<FileWork>): boolean
  /** Notes that a call has ended well: what it was working on at a death before is not to blame. */
  noteEnd(call: FileWork): void
  /** @throws `file-unsafe` for a call that needs files which are set aside */
  check(call: FileWork): void
  /** What is set aside: files of one entry were together at both deaths, and any of them may be to blame. */
  list(): readonly (readonly string[])[]
  forget(): void
}

function refusal(files: readonly string[]): AnchorageError {
  const one = files.length === 1
  return new AnchorageError(
    'file-unsafe',
    one ? 'This file ended the engine twice.' : 'One of these files ended the engine twice.',
    {
      where: files.join(', '),
      found: one
        ? 'the engine died twice while it worked on it'
        : 'the engine died twice while it worked on all of them',
      expected: 'a file that can be worked on to the end',
      next:
        'It is set aside and not sent to the engine again. Check that it is whole and that there is memory enough; ' +
        'then “Try again” in the queue, or the command run again, takes it up once more.'
    }
  )
}

function isPartOf(files: readonly string[], others: readonly string[]): boolean {
  return files.every((file) => others.includes(file))
}

export function createSetAside(): SetAside {
  let deaths: FileWork[] = []
  let aside: (readonly string[])[] = []
  return {
    noteDeath(calls) {
      const working = [...calls].filter(({ files }) => files.length > 0)
      const common = working
        .flatMap(({ files }) => deaths.map((death) => files.filter((file) => death.files.includes(file))))
        .filter((files) => files.length > 0)
      deaths = [...deaths, ...working]
      for (const files of common) {
        if (aside.some((known) => isPartOf(known, files))) continue
        // Of a larger set it is known now which part is to blame.
        aside = [...aside.filter((known) => !isPartOf(files, known)), files]
      }
      return common.length > 0
    },
    noteEnd({ method, files }) {
      deaths = deaths.filter(
        (death) => death.method !== method || !isPartOf(death.files, files) || !isPartOf(files, death.files)
      )
    },
    check({ files }) {
      const met = aside.find((one) => isPartOf(one, files))
      if (met !== undefined) throw refusal(met)
    },
    list: () => aside,
    forget() {
      deaths = []
      aside = []
    }
  }
}
