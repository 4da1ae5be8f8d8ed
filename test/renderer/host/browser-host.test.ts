/** The abilities of a browser's tab, each in a real one. */
import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import { describe, expect, it, onTestFinished } from 'vitest'
import { hasChromium, startChromium } from '#test/support/chromium.ts'
import { buildPageScript } from '#test/support/page-module.ts'

/** An empty page whose `host` is that of a browser. */
async function openPage(): Promise<Page> {
  const browser = await startChromium()
  onTestFinished(() => browser.close())
  const page = await browser.newPage()
  await page.addScriptTag({
    content: await buildPageScript(
      "import { createBrowserHost } from '~/renderer/host/browser-host.ts'; window.host = createBrowserHost().host"
    )
  })
  return page
}

describe.skipIf(!hasChromium())('a browser', () => {
  it('takes a text and bytes among its downloads, as they are and by their names', async () => {
    const page = await openPage()
    const save = async (name: string, data: string): Promise<{ name: string; bytes: Buffer }> => {
      const waiting = page.waitForEvent('download')
      const saved = await page.evaluate(`host.saveFile({ title: 'Save', name: '${name}', data: ${data} })`)
      expect(saved).toBe(true)
      const download = await waiting
      return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) }
    }
    expect(await save('table.csv', '"Wörter\\n1,5"')).toEqual({
      name: 'table.csv',
      bytes: Buffer.from('Wörter\n1,5')
    })
    // A view of a part of a larger buffer: only the part is saved.
    const part = 'new Uint8Array([9, 0, 255, 10, 9]).subarray(1, 4)'
    expect(await save('picture.png', part)).toEqual({
      name: 'picture.png',
      bytes: Buffer.from([0, 255, 10])
    })
  })

  it('opens no link but https', async () => {
    const page = await openPage()
    const opened: string[] = []
    page.context().on('page', (other) => opened.push(other.url()))
    const refused = await page.evaluate("host.openLink('javascript:alert(1)').catch(({ code }) => code)")
    expect(refused).toBe('bad-argument')
    expect(opened).toEqual([])
  })

  it('says of what it has not that it is not there', async () => {
    const page = await openPage()
    expect(await page.evaluate('[host.reveal, host.pathOfDropped(new File([], "experiment"))]')).toEqual([
      null,
      null
    ])
  })
})
