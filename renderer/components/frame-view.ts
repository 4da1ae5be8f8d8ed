/** The sizes of the window's panels, as kept with the project. */
import { z } from 'zod'
import { useView } from '#renderer/connection/view.ts'

export const frameViewSchema = z.object({
  /** In pixels. */
  inspectorWidth: z.number().default(380),
  sideWidth: z.number().default(300),
  bottomHeight: z.number().default(220),
  showsBottom: z.boolean().default(false),
  /** Of a screen whose inspector always has something to show. */
  showsInspector: z.boolean().default(true)
})

export function useFrameView() {
  return useView('frame', frameViewSchema)
}
