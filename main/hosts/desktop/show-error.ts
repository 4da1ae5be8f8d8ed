/** Shows an error of what was asked from outside of the page, where the page can't show it. */
import { dialog } from 'electron'
import { errorToData, explainError } from '#engine/common/contract/errors.ts'

export async function showError(error: unknown): Promise<void> {
  const data = errorToData(error)
  const [message = '', ...details] = explainError(data).split('\n')
  await dialog.showMessageBox({ type: 'error', message, detail: details.join('\n') })
}
