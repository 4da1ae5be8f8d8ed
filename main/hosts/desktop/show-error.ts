/** Shows an error of what was asked from outside of the page, where the page can't show it. */
import { app, dialog } from 'electron'
import { errorToData, explainError } from '#engine/common/contract/errors.ts'

function linesOf(error: unknown): { message: string; detail: string } {
  const [message = '', ...details] = explainError(errorToData(error)).split('\n')
  return { message, detail: details.join('\n') }
}

/** Shows an error of a running application. */
export async function showError(error: unknown): Promise<void> {
  await dialog.showMessageBox({ type: 'error', ...linesOf(error) })
}

/** Says why the application can't start, and ends it whether that could be shown or not. */
export async function endWithError(error: unknown): Promise<void> {
  const { message, detail } = linesOf(error)
  process.stderr.write(`${message}\n${detail}\n`)
  try {
    // Before it, Electron has no windows and shows nothing.
    await app.whenReady()
    dialog.showErrorBox(`Anchorage could not start: ${message}`, detail)
  } finally {
    app.exit(1)
  }
}
