/** The frame of the window in a real browser: rail, panels, inspector, queue and status bar, by keyboard and by size. */
import { describe, expect, it } from 'vitest'
import { createProject, expectAccessible, openWindow, show } from '#test/support/browser-window.ts'
import { hasChromium } from '#test/support/chromium.ts'
import { openSampleWindow } from '#test/support/sample-window.ts'

/** Texts that are cut though nothing says so: no dots, and nothing to scroll. */
const cutOff = `[...document.querySelectorAll('.screen-head *, .status-bar *, .rail *, .panel-head *, .selection-bar *')]
  .filter((element) => element.clientWidth > 0 && element.scrollWidth > element.clientWidth + 1
    && getComputedStyle(element).overflowX === 'hidden' && getComputedStyle(element).textOverflow !== 'ellipsis')
  .map((element) => element.className + ': ' + element.textContent)`

/** Controls of a line that lie over each other. */
const overlaps = `[...document.querySelectorAll('.screen-head, .status-bar, .selection-bar')].flatMap((line) => {
  const boxes = [...line.querySelectorAll('button, input, h1, label')]
    .map((element) => ({ element, box: element.getBoundingClientRect() }))
    .filter(({ box }) => box.width > 1 && box.height > 1)
  return boxes.flatMap(({ element: a, box: one }, index) => boxes.slice(index + 1)
    .filter(({ element: b, box: other }) => !a.contains(b) && !b.contains(a) && !a.closest('.mantine-Input-wrapper')?.contains(b)
      && one.left < other.right - 2 && other.left < one.right - 2 && one.top < other.bottom - 2 && other.top < one.bottom - 2)
    .map(({ element: b }) => a.outerHTML.slice(0, 80) + ' over ' + b.outerHTML.slice(0, 80)))
})`

const allScreens = [
  'Models',
  'Prompts',
  'Tasks',
  'Anchors',
  'Mix',
  'Combinations',
  'Runs',
  'Compare',
  'Experiments'
]

/** What each screen begins with that has rows or figures. */
const firstOf = new Map([
  ...['Models', 'Prompts', 'Tasks', 'Runs'].map((screen) => [screen, 'table'] as const),
  ['Compare', 'figure']
])

describe.skipIf(!hasChromium())('the frame', { timeout: 240_000 }, () => {
  it('is gone through by keys: rail, parts, inspector, queue, palette', async () => {
    const { page, faults } = await openSampleWindow()
    const focused = () => page.evaluate('document.activeElement.getAttribute("aria-label")')
    await page.getByRole('link', { name: 'Models' }).focus()
    await page.keyboard.press('ArrowDown')
    expect(await focused()).toBe('Prompts')
    await page.keyboard.press('ArrowUp')
    await page.keyboard.press('ArrowUp')
    expect(await focused()).toBe('Menu')
    await page.keyboard.press('Alt+7')
    await page.getByRole('heading', { name: 'Runs', exact: true }).waitFor()
    await page.getByRole('button', { name: '22 relations' }).first().click()
    await page.getByRole('button', { name: 'work-kind' }).first().click()
    const inspector = page.getByRole('complementary', { name: 'Inspector' })
    await inspector.getByRole('heading', { name: 'work-kind' }).waitFor()

    const partOf = () =>
      page.evaluate(
        '[...document.querySelectorAll("[data-part]")].findLast((part) => part.contains(document.activeElement))?.tagName'
      )
    await page.getByRole('link', { name: 'Runs' }).focus()
    for (const part of ['MAIN', 'ASIDE', 'FOOTER', 'NAV']) {
      await page.keyboard.press('F6')
      expect(await partOf()).toBe(part)
    }
    await page.keyboard.press('Shift+F6')
    expect(await partOf()).toBe('FOOTER')
    await page.keyboard.press('Control+i')
    await inspector.waitFor({ state: 'detached' })

    const queue = page.getByRole('region', { name: 'Queue' })
    await page.keyboard.press('Control+j')
    await queue.getByRole('heading', { name: 'Queue' }).waitFor()
    await page.keyboard.press('Control+j')
    await queue.waitFor({ state: 'detached' })

    await page.keyboard.press('Control+k')
    await page.getByPlaceholder('What do you want to do, or see?').fill('roberta-large')
    const found = page.locator('[data-action]')
    await found.filter({ hasText: 'roberta-large' }).filter({ hasText: 'model' }).first().waitFor()
    await expectAccessible(page)
    await page.getByPlaceholder('What do you want to do, or see?').fill('currency')
    await found.filter({ hasText: 'runs of this relation' }).click()
    const filter = () => page.getByLabel('Filter').inputValue()
    await expect.poll(filter).toBe('relation="currency"')
    // A link to the view is copied, and pasted where commands are found.
    await page.evaluate('navigator.clipboard.writeText = async (text) => { window.copied = text }')
    await page.keyboard.press('Control+k')
    await page.getByPlaceholder('What do you want to do, or see?').fill('copy link')
    await page.keyboard.press('Enter')
    await expect.poll(() => page.evaluate('window.copied')).toMatch(/#\/runs\?filter=relation/)
    await page.getByLabel('Filter').fill('')
    await page.keyboard.press('Control+k')
    await page
      .getByPlaceholder('What do you want to do, or see?')
      .fill(`${await page.evaluate('window.copied')}`)
    await found.filter({ hasText: 'Go to this link' }).click()
    await expect.poll(filter).toBe('relation="currency"')
    expect(faults).toEqual([])
  })

  it('reads the names of prompts and runs when the palette is opened, not at the start', async () => {
    const { page, faults } = await openSampleWindow()
    const asked: string[] = []
    page.on('websocket', (socket) => {
      socket.on('framesent', ({ payload }) => {
        asked.push(payload.toString())
      })
    })
    await page.reload()
    await page.getByRole('table').getByText('bert-small').first().waitFor()
    const isAsked = (method: string): boolean => asked.some((text) => text.includes(`"${method}"`))
    expect(isAsked('models.list')).toBe(true)
    expect(isAsked('runs.list')).toBe(false)
    await page.keyboard.press('Control+k')
    await page.getByPlaceholder('What do you want to do, or see?').fill('work-kind')
    await page.getByText('runs of this relation').first().waitFor()
    expect(isAsked('runs.list')).toBe(true)
    expect(faults).toEqual([])
  })

  it('remembers the sizes of its panels, what is open in the inspector, and that the queue is shown', async () => {
    const { page } = await openSampleWindow()
    await show(page, 'Prompts')
    await page
      .getByRole('table', { name: 'Prompts by relation and model' })
      .getByRole('button')
      .first()
      .click()
    const inspector = page.getByRole('complementary', { name: 'Inspector' })
    await inspector.waitFor()
    const title = await inspector.getByRole('heading').first().textContent()
    const width = async () => Math.round((await inspector.boundingBox())?.width ?? 0)
    const before = await width()
    expect(before).toBe(380)
    await page.getByRole('separator', { name: 'Resize the inspector' }).focus()
    await page.keyboard.press('ArrowLeft')
    await expect.poll(width).toBeGreaterThan(before + 20)
    const after = await width()
    await page.keyboard.press('Control+j')
    await page.getByRole('region', { name: 'Queue' }).waitFor()
    await page.reload()
    await inspector
      .getByRole('heading', { name: title ?? '' })
      .first()
      .waitFor()
    await expect.poll(width).toBeGreaterThan(after - 3)
    expect(await width()).toBeLessThan(after + 3)
    await page.getByRole('region', { name: 'Queue' }).waitFor()
  })

  it('opens a new project on its first screen, whatever the one before showed', async () => {
    const { page } = await openWindow()
    await createProject(page)
    await show(page, 'Runs')
    await page.getByRole('button', { name: 'Menu' }).click()
    await page.getByRole('menuitem', { name: 'Close project' }).click()
    await page.getByRole('button', { name: 'New project' }).click()
    await page.getByLabel('Name').fill('another')
    await page.getByRole('button', { name: 'Create here' }).click()
    await page.getByRole('heading', { name: 'Models', exact: true }).waitFor()
  })

  it('leaves no more than 60 px above the first row, and fits from 720 px on', {
    timeout: 240_000
  }, async () => {
    const { page, faults } = await openSampleWindow()
    // A filter of several parts, as chips.
    await show(page, 'Runs')
    await page
      .getByLabel('Filter', { exact: true })
      .fill('target:bert-large sources:bert-small -method:adam accuracy>0.1')
    const sizes = [
      { width: 1440, height: 900 },
      { width: 1280, height: 800 },
      { width: 900, height: 700 },
      { width: 780, height: 600 },
      // 1440 × 900 at 200 %.
      { width: 720, height: 450 }
    ]
    for (const size of sizes) {
      await page.setViewportSize(size)
      for (const screen of allScreens) {
        await show(page, screen)
        await page.locator('.mantine-Loader-root').first().waitFor({ state: 'detached' })
        const found = async () => ({
          size,
          screen,
          isWider: await page.evaluate('document.documentElement.scrollWidth > innerWidth'),
          cut: await page.evaluate(cutOff),
          overlaps: await page.evaluate(overlaps)
        })
        // An inspector that opens once its answers are there takes room from the fields.
        await expect
          .poll(found, { timeout: 30_000 })
          .toEqual({ size, screen, isWider: false, cut: [], overlaps: [] })
        // With the title's line and that of what is chosen above it.
        const first = firstOf.get(screen)
        if (first !== undefined) {
          const box = await page.locator('.screen-body').locator(first).first().boundingBox()
          expect({ size, screen, above: Math.floor((box?.y ?? 0) - 1) }).toEqual({
            size,
            screen,
            above: expect.toSatisfy((above: number) => above <= 60)
          })
        }
      }
    }
    expect(faults).toEqual([])
  })
})
