/** Before the stories: the runtime, a display, and whom it runs as. */
import type { TestProject } from 'vitest/node'
import { openDisplay } from './display.ts'
import { prepareElectron, type TestedElectron } from './runtime.ts'

declare module 'vitest' {
  interface ProvidedContext {
    electron: TestedElectron
    display: string
  }
}

export default async function prepare({ provide }: TestProject): Promise<() => void> {
  provide('electron', await prepareElectron())
  const display = await openDisplay()
  provide('display', display.name)
  return display.end
}
