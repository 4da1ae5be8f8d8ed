/**
 * Before the stories: a runtime, a display, and the application as it runs there. Where ANCHORAGE_ELECTRON is `optional`, a
 * machine that can't show a window of Electron skips them and says why; the application's own faults never count as that.
 */
import type { TestProject } from 'vitest/node'
import { messageOf } from '#engine/common/contract/errors.ts'
import { openDisplay } from './display.ts'
import { requireWindow } from './requirements.ts'
import { applicationFor, findRuntime, type Runtime } from './runtime.ts'

/** The Electron that the stories are told in. */
export type TestedElectron = {
  readonly program: string
  /** The folder of the application, the program's first argument. */
  readonly application: string
  readonly display: string
}

declare module 'vitest' {
  interface ProvidedContext {
    /** Null where there is none. */
    electron: TestedElectron | null
  }
}

type Shown = { readonly runtime: Runtime; readonly display: string; end(): void }

/** @throws Error where no window can be shown */
async function showWindow(): Promise<Shown> {
  const runtime = findRuntime()
  const { name, end } = await openDisplay()
  try {
    requireWindow(runtime.program, name)
  } catch (error) {
    end()
    throw error
  }
  return { runtime, display: name, end }
}

export default async function prepare({ provide }: TestProject): Promise<() => void> {
  let shown: Shown
  try {
    shown = await showWindow()
  } catch (error) {
    if (process.env['ANCHORAGE_ELECTRON'] !== 'optional') throw error
    process.stdout.write(`skipped: no window of Electron can be shown here: ${messageOf(error)}\n`)
    provide('electron', null)
    return () => {}
  }
  const { runtime, display, end } = shown
  provide('electron', { program: runtime.program, application: await applicationFor(runtime), display })
  return end
}
