/**
 * What a prompt format is to the rest: a row of the format table. A format lists the matrices of a file
 * without reading them, and turns a prompt into the bytes of its files; it touches nothing else.
 */
import type { Prompt, PromptFormat, PromptWrite } from '#engine/common/contract/prompts.ts'

/** What a file says of a prompt beside its numbers. */
export type PromptFacts = {
  name: string | null
  modelName: string | null
  tableFingerprint: string | null
  task: string | null
  relation: string | null
  position: Prompt['position']
  template: string | null
}

export const unknownFacts: PromptFacts = {
  name: null,
  modelName: null,
  tableFingerprint: null,
  task: null,
  relation: null,
  position: 'unknown',
  template: null
}

/** One matrix of a file that can be imported, and the way to read it. */
export type PromptPart = {
  format: PromptFormat
  /** The file that holds the values. */
  path: string
  /** Name to choose it by among the parts of its file. */
  part: string
  /** The tensor it comes from, with its stored type and shape. */
  tensor: string
  dtype: string
  storedShape: readonly number[]
  /** `m` and `e`. */
  rows: number
  columns: number
  facts: PromptFacts
  /** Whether the file holds more rows than the prompt has and doesn't say how many: a person must. */
  rowsMustBeChosen: boolean
  warnings: string[]
  /** The `rows × columns` values in row-major order. */
  read(signal?: AbortSignal): Promise<Float32Array>
}

type WriteSettings = Required<Pick<PromptWrite, 'padRows' | 'peftTaskType' | 'model'>>

/** How the reader of a format loads an export: the lines of a script, in the language that the reader is used from. */
export type Loading = { language: 'python' | 'c'; lines: string[] }

/** The bytes of an export; `name` is within the new folder, `ending` follows the chosen path. */
type PromptFiles = { notes: string[]; loading: Loading } & (
  | { kind: 'folder'; files: { name: string; bytes: Uint8Array }[] }
  | { kind: 'files'; files: { ending: string; bytes: Uint8Array }[] }
)

export type PromptFormatEntry = {
  name: PromptFormat
  /** For a person. */
  label: string
  /** Whether a file of this name is of this format. */
  detect: (path: string) => boolean
  /** False for endings that mostly mean something else: such files are read when they are named alone. */
  foundInFolders: boolean
  /** The matrices of a file, from its headers; null where the format is only written. */
  list: ((path: string) => Promise<PromptPart[]>) | null
  /** Null where the format is only read. */
  write: {
    /** The endings that a written file may have, so that it is known again; none for a folder. */
    endings: readonly string[]
    encode: (prompt: Prompt, settings: WriteSettings, path: string) => Promise<PromptFiles>
  } | null
}

/** Whether the path ends so, in any case. */
export function endsWith(path: string, ...endings: string[]): boolean {
  const name = path.toLowerCase()
  return endings.some((ending) => name.endsWith(ending))
}
