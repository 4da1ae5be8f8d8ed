import { mkdir, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readTask } from '#engine/evaluation/read-task.ts'
import { describeWithSharedData, sharedDataPath } from '#test/support/shared-data.ts'
import { temporaryFolder } from '#test/support/temporary-folder.ts'

async function relationFolder(lines: Record<string, string[]>): Promise<string> {
  const folder = join(await temporaryFolder(), 'P36')
  await mkdir(folder)
  for (const [split, text] of Object.entries(lines))
    await writeFile(join(folder, `${split}.jsonl`), text.join('\n'))
  return folder
}

describe('relation folders', () => {
  it('do not lead out by a link', async () => {
    const folder = await relationFolder({ test: ['{"sub": "Peru", "obj": "Lima"}'] })
    const elsewhere = await relationFolder({ train: ['{"sub": "Chad", "obj": "secret"}'] })
    await symlink(join(elsewhere, 'train.jsonl'), join(folder, 'train.jsonl'))
    await expect(readTask({ kind: 'relation', folder })).rejects.toMatchObject({ code: 'file-unsafe' })
  })

  it("reads OptiPrompt's and T-REx's field names and leaves repeats out", async () => {
    const folder = await relationFolder({
      train: [
        '{"sub_label": "France", "obj_label": "Paris", "uuid": "a"}',
        '',
        '{"sub": "Japan", "obj": "Tokyo"}'
      ],
      test: ['{"sub": "Peru", "obj": "Lima"}', '{"sub": "Peru", "obj": "Lima"}']
    })
    const task = await readTask({ kind: 'relation', folder, template: 'The capital of [X] is [Y] .' })
    expect(task.name).toBe('P36')
    expect(task.splits.train).toEqual([
      { id: 'a', input: 'France', label: 'Paris' },
      { id: 'train:1', input: 'Japan', label: 'Tokyo' }
    ])
    expect(task.splits.test).toHaveLength(1)
    expect(task.notes).toEqual(['dev: no facts', 'test: 1 repeated pairs left out'])
  })

  it('finds the manual template in the metainfo above the folder', async () => {
    const folder = await relationFolder({ test: ['{"sub": "Peru", "obj": "Lima"}'] })
    await mkdir(join(folder, '../relation_metainfo'))
    await writeFile(
      join(folder, '../relation_metainfo/LAMA_relations.jsonl'),
      '{"relation": "P19", "template": "[X] was born in [Y] ."}\n{"relation": "P36", "template": "The capital of [X] is [Y] ."}'
    )
    expect((await readTask({ kind: 'relation', folder })).template).toBe('The capital of [X] is [Y] .')
  })

  it('says what the metainfo says of the relation, with either template', async () => {
    const folder = await relationFolder({ test: ['{"sub": "Peru", "obj": "Lima"}'] })
    const write = (rest: object) =>
      writeFile(
        join(folder, '../LAMA_relations.jsonl'),
        JSON.stringify({ relation: 'P36', template: 'The capital of [X] is [Y] .', ...rest })
      )
    const source = { kind: 'relation' as const, folder, template: '[X] , capital [Y] .' }
    await write({ label: 'capital', type: '1-1' })
    expect(await readTask(source)).toMatchObject({
      template: '[X] , capital [Y] .',
      relation: { label: 'capital', kind: '1-1' }
    })
    await write({ type: 'N-N' })
    expect((await readTask(source)).relation).toEqual({ label: null, kind: null })
    await rm(join(folder, '../LAMA_relations.jsonl'))
    expect((await readTask(source)).relation).toBeNull()
  })

  it.each([
    ['{"sub": "Peru", "obj": "Lima"', 'not JSON'],
    ['{"sub": "Peru"}', 'fields']
  ])('names the file and line of %s', async (line, message) => {
    const folder = await relationFolder({ test: ['{"sub": "Chad", "obj": "N"}', line] })
    await expect(readTask({ kind: 'relation', folder })).rejects.toThrow(
      expect.objectContaining({
        code: 'file-malformed',
        message: expect.stringContaining(message),
        detail: expect.objectContaining({ where: expect.stringContaining('test.jsonl, line 2') })
      })
    )
  })

  it('says what is expected of a folder without facts', async () => {
    await expect(readTask({ kind: 'relation', folder: await temporaryFolder() })).rejects.toThrow(
      expect.objectContaining({ code: 'file-not-found' })
    )
  })
})

describeWithSharedData('the real T-REx facts', () => {
  it('reads a relation with its template and common vocabulary', async () => {
    const task = await readTask({
      kind: 'relation',
      folder: sharedDataPath('trex/P19'),
      commonVocabulary: sharedDataPath('vocab/common_vocab_cased_be_ro_al.txt')
    })
    expect(task.template).toBe('[X] was born in [Y] .')
    expect(task.relation).toEqual({ label: 'place of birth', kind: 'N-1' })
    expect(task.candidates).toHaveLength(17230)
    expect(task.splits.test.length).toBeGreaterThan(800)
  })
})

describe('classification files', () => {
  const source = {
    kind: 'classification',
    name: 'sentiment',
    textColumn: 'sentence',
    labelWords: { '0': 'bad', '1': 'great' },
    template: '[X] It was [MASK] .'
  } as const

  it.each([
    ['tsv', 'sentence\tlabel\nhe said "no\t0\na joy\t1\n'],
    ['csv', 'sentence,label\n"he said ""no",0\na joy,1\n'],
    ['jsonl', '{"sentence": "he said \\"no", "label": 0}\n{"sentence": "a joy", "label": 1}\n']
  ])('reads %s', async (ending, text) => {
    const path = join(await temporaryFolder(), `test.${ending}`)
    await writeFile(path, text)
    const task = await readTask({ ...source, files: { test: path } })
    expect(task.splits.test).toEqual([
      { id: 'test:0', input: 'he said "no', label: 'bad' },
      { id: 'test:1', input: 'a joy', label: 'great' }
    ])
    expect(task.candidates).toEqual(['bad', 'great'])
  })

  it.each([
    ['sentence\tlabel\nx\t7\n', 'has no word'],
    ['text\tlabel\nx\t1\n', 'no column "sentence"'],
    ['sentence\tlabel\nx\t1\textra\n', 'could not be read']
  ])('refuses %j with the reason', async (text, message) => {
    const path = join(await temporaryFolder(), 'test.tsv')
    await writeFile(path, text)
    await expect(readTask({ ...source, files: { test: path } })).rejects.toThrow(message)
  })
})
