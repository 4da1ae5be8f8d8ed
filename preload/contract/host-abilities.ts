/** What a page asks of its host where the answer comes from a dialog or from the system. */
import { z } from 'zod'

export const choiceSchema = z.object({
  /** What the person is asked for, as the dialog's title. */
  title: z.string(),
  kind: z.enum(['folder', 'file', 'file or folder']),
  /** Only files that end so, such as `.anchorage`. */
  extension: z.string().startsWith('.').optional()
})
export type Choice = z.infer<typeof choiceSchema>

export const newFileChoiceSchema = z.object({
  title: z.string(),
  extension: z.string().startsWith('.'),
  /** The proposed name, without the extension. */
  name: z.string()
})
export type NewFileChoice = z.infer<typeof newFileChoiceSchema>

export const fileToSaveSchema = z.object({
  title: z.string(),
  /** The proposed name, with its extension. */
  name: z.string().min(1),
  data: z.union([z.string(), z.custom<Uint8Array>((data) => data instanceof Uint8Array)])
})
export type FileToSave = z.infer<typeof fileToSaveSchema>

/** What a person chose in the host's own menu and the page must do. */
export const windowCommandSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('show-screen'), path: z.string() }),
  z.object({ kind: z.literal('set-colours'), scheme: z.enum(['light', 'dark', 'auto']) })
])
export type WindowCommand = z.infer<typeof windowCommandSchema>
