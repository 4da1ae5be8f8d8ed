/** What a desktop window asks beside the workbench's methods: the system's dialogs, clipboard and file manager. */
import { z } from 'zod'
import { nothing } from './common.ts'
import { choiceSchema, fileToSaveSchema, newFileChoiceSchema, windowCommandSchema } from './host-abilities.ts'
import { workbenchEvents, workbenchMethods } from './workbench-methods.ts'

const chosen = z.object({ path: z.string().nullable() })

export const hostMethods = {
  'host.choose': { arguments: choiceSchema, result: chosen },
  'host.chooseNew': { arguments: newFileChoiceSchema, result: chosen },
  'host.saveFile': { arguments: fileToSaveSchema, result: z.object({ saved: z.boolean() }) },
  'host.copyText': { arguments: z.object({ text: z.string() }), result: nothing },
  'host.openLink': { arguments: z.object({ url: z.string() }), result: nothing },
  'host.reveal': { arguments: z.object({ path: z.string().min(1) }), result: nothing }
} as const

export const desktopContract = {
  methods: { ...workbenchMethods, ...hostMethods },
  events: { ...workbenchEvents, 'host.command': windowCommandSchema }
} as const
export type DesktopContract = typeof desktopContract
