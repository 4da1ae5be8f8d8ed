/** Which experiment files the screen knows, and which of them is open: kept with the project. */
import { z } from 'zod'

export const experimentFilesSchema = z.object({
  /** Paths, the last opened first. */
  files: z.array(z.string()).default([]),
  /** The one in the editor; null where none is. */
  open: z.string().nullable().default(null)
})
export type ExperimentFiles = z.output<typeof experimentFilesSchema>

const remembered = 10

/** With a file opened. */
export function withFile({ files }: ExperimentFiles, path: string): ExperimentFiles {
  return { files: [path, ...files.filter((file) => file !== path)].slice(0, remembered), open: path }
}

/** The end of a path, as people call a file. */
export function fileName(path: string): string {
  return path.split(/[/\\]/).at(-1) ?? path
}
