/** What a window in a browser asks beside the workbench's methods: the dialogs that a browser can't show. */
import { z } from 'zod'
import { workbenchEvents, workbenchMethods } from './workbench-methods.ts'

export const folderListingSchema = z.object({
  folder: z.string(),
  /** The folder above, or null at the top of what may be seen. */
  parent: z.string().nullable(),
  /** Where a choice may begin. */
  roots: z.array(z.string()),
  /** Folders first, each by name; what is hidden or leads out of the roots is left out. */
  entries: z.array(z.object({ name: z.string(), path: z.string(), kind: z.enum(['folder', 'file']) }))
})
export type FolderListing = z.infer<typeof folderListingSchema>

const browserMethods = {
  ...workbenchMethods,
  /** Lists a folder inside the roots; null: the first root. */
  'files.list': { arguments: z.object({ folder: z.string().nullable() }), result: folderListingSchema }
} as const

export const browserContract = { methods: browserMethods, events: workbenchEvents } as const
export type BrowserContract = typeof browserContract
