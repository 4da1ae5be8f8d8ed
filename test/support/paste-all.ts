/** Puts a text into an editor in place of what is there, as a person pastes it. */
import type { Locator } from 'playwright-core'

export async function pasteAll(editor: Locator, text: string): Promise<void> {
  await editor.focus()
  await editor.press('ControlOrMeta+a')
  await editor.evaluate((element, pasted) => {
    const clipboardData = new DataTransfer()
    clipboardData.setData('text/plain', pasted)
    element.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }))
  }, text)
}
