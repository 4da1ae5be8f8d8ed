/** The screen of tasks in a real browser: relations and labelled texts, and what a model answers to them. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { registerModel } from '#main/catalogue/models.ts'
import { importPrompts } from '#main/catalogue/prompts.ts'
import {
  createProject,
  expectAccessible,
  expectFolder,
  openWindow,
  show
} from '#test/support/browser-window.ts'
import { hasChromium } from '#test/support/chromium.ts'
import { openPrepared } from '#test/support/prepared-project.ts'
import { writePromptTree } from '#test/support/prompt-trees.ts'
import { referenceModelFolder } from '#test/support/reference-models.ts'
import { wordFacts, wordRelation, wordTemplate } from '#test/support/word-tasks.ts'

/** Chooses in the host's dialog that a button of a form opens. */
async function choosePath(page: Page, field: string, root: string, file?: string): Promise<void> {
  await page.getByRole('button', { name: `Choose: ${field}` }).click()
  const chooser = page.getByRole('dialog', { name: field })
  await chooser.getByRole('button', { name: root, exact: true }).click()
  if (file === undefined) {
    await expectFolder(chooser, root)
    await chooser.getByRole('button', { name: 'Choose this folder' }).click()
  } else await chooser.getByRole('button', { name: file, exact: true }).click()
}

describe.skipIf(!hasChromium())('the screen of tasks', () => {
  it('adds relations, asks a model everything about them, and shows the engine’s scores', async () => {
    const facts = wordFacts()
    const relation = await wordRelation({ train: facts, dev: facts.slice(0, 5), test: facts })
    const window = await openWindow([relation.root])
    const { page, engine, folder, faults } = window
    const model = { folder: referenceModelFolder('bert') }
    const { width } = await engine.call('models.inspect', model)
    await writePromptTree(folder, ['P1'], 10, width)
    const choice = { path: join(folder, 'P1', 'prompt_vecs.npy'), vectors: 3 }
    await openPrepared(window, async (project) => {
      const registered = await registerModel(project, model)
      await importPrompts(project, [{ choice, model: registered }])
    })
    await show(page, 'Tasks')
    await page.getByText('No tasks yet').waitFor()
    await expectAccessible(page)
    await page.getByRole('button', { name: 'Add tasks' }).click()
    const dialog = page.getByRole('dialog', { name: 'Add tasks' })
    await choosePath(page, 'Folder of relations', relation.root)
    await choosePath(page, 'Common vocabulary', relation.root, 'words.txt')
    await expectAccessible(page)
    await dialog.getByRole('button', { name: 'Add the relations' }).click()
    await dialog.waitFor({ state: 'detached' })
    await page.getByRole('row', { name: `P1 relation 12 5 12 6 ${wordTemplate}` }).waitFor()

    await page.getByRole('button', { name: 'Evaluate' }).click()
    const asking = page.getByRole('dialog', { name: 'Evaluate' })
    await asking.getByRole('combobox', { name: 'Model' }).click()
    await page.getByRole('option', { name: 'tiny-bert' }).click()
    await asking.getByRole('button', { name: 'All of the tasks' }).click()
    await asking.getByRole('button', { name: 'All of the prompts' }).click()
    await asking.getByRole('checkbox', { name: 'Include random baseline' }).check()
    await expectAccessible(page)
    await asking.getByRole('button', { name: 'Evaluate 3' }).click()

    const { vectors } = await engine.call('prompts.read', choice)
    const { conditions } = await engine.call('evaluation.run', {
      model,
      task: { kind: 'relation', folder: relation.folder, commonVocabulary: relation.commonVocabulary },
      conditions: [
        { kind: 'prompt', name: 'P1', vectors },
        { kind: 'manual' },
        { kind: 'random', vectors: 5, seed: 1 }
      ]
    })
    const table = page.getByRole('region', { name: 'Evaluations' })
    for (const { name, scores } of conditions) {
      const { accuracy, accuracyInterval, precisionAt10, meanReciprocalRank, examples } = scores
      const share = (value: number): string => (100 * value).toFixed(1)
      const interval = `${share(accuracy)} % [${share(accuracyInterval.low)}, ${share(accuracyInterval.high)}]`
      const figures = `${interval} ${share(precisionAt10)} % ${meanReciprocalRank.toFixed(3)} ${examples} test`
      await table.getByRole('row', { name: `P1 tiny-bert ${name} ${figures}` }).waitFor()
    }
    await expectAccessible(page)

    await page.getByRole('checkbox', { name: 'Choose P1' }).check()
    await page.getByRole('button', { name: 'Remove 1' }).click()
    await page.getByText('No tasks yet').waitFor()
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByRole('region', { name: 'Tasks' }).waitFor()
    expect(faults).toEqual([])
  })

  it('adds labelled texts with their label words, and refuses what they do not cover', async () => {
    const { page, folder } = await openWindow()
    const lines = ['text\tlabel', 'a fine film\t1', 'a dull film\t0', 'a great film\t1']
    await writeFile(join(folder, 'test.tsv'), `${lines.join('\n')}\n`)
    await createProject(page)
    await show(page, 'Tasks')
    await page.getByRole('button', { name: 'Add tasks' }).click()
    const dialog = page.getByRole('dialog', { name: 'Add tasks' })
    await dialog.getByRole('tab', { name: 'Classification' }).click()
    await dialog.getByRole('textbox', { name: 'Name' }).fill('films')
    await choosePath(page, 'Test file', folder, 'test.tsv')
    await dialog.getByRole('textbox', { name: 'Label words' }).fill('1 great')
    await dialog.getByText('Write each line as label = word.').waitFor()
    await dialog.getByRole('textbox', { name: 'Label words' }).fill('1 = great')
    await dialog.getByRole('button', { name: 'Add the task' }).click()
    await dialog.getByRole('alert').getByRole('rowheader', { name: 'Next' }).waitFor()
    await dialog.getByRole('textbox', { name: 'Label words' }).fill('1 = great\n0 = bad')
    await dialog.getByRole('textbox', { name: 'Manual template' }).fill('[X] It was [MASK] .')
    await dialog.getByRole('button', { name: 'Add the task' }).click()
    await page.getByRole('row', { name: 'films classification 0 0 3 2 [X] It was [MASK] .' }).waitFor()
    await expectAccessible(page)
  })
})
