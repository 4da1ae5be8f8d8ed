/** Names of the files of a scope's figures, and the page beside them. */
import { describe, expect, it } from 'vitest'
import { archivePage, type FigureScope, figureNames, fileName } from '#renderer/figures/archive-text.ts'

const scope: FigureScope = {
  screen: 'Combinations',
  project: 'Sample',
  target: 'bert-large',
  settings: [
    { name: 'Anchors', value: '512', isChosen: true },
    { name: 'Mask', value: 'all', isChosen: false },
    { name: 'λ', value: '0.01', isChosen: true }
  ],
  runs: 66,
  relations: 22,
  link: '#/combinations?target=bert-large'
}
const figure = {
  title: 'Accuracy along λ',
  caption: 'Mean of 1,182 examples; 95 % bootstrap interval; McNemar’s test with Holm’s correction.',
  table: { columns: ['λ'], rows: [[0.1], [1]] }
}

describe('the files of a scope’s figures', () => {
  it('say target, figure and what was chosen of the scope', () => {
    expect(figureNames([figure, { title: 'B' }, figure], scope)).toEqual([
      'bert-large.accuracy-along-lambda.anchors-512-lambda-0.01',
      'bert-large.b.anchors-512-lambda-0.01',
      'bert-large.accuracy-along-lambda.anchors-512-lambda-0.01-2'
    ])
    expect(figureNames([{ title: 'B' }], { ...scope, target: null, settings: [] })).toEqual(['all-targets.b'])
  })

  it('have names that every system takes, however long the scope', () => {
    expect(fileName('../..\\ a/b: „c“?')).toBe('a-b-c')
    const settings = Array.from({ length: 30 }, (_, index) => ({
      name: `setting ${index}`,
      value: 'x',
      isChosen: true
    }))
    const [name = ''] = figureNames([figure], { ...scope, settings })
    expect(name.length).toBeLessThan(120)
    expect(name).toContain('setting-0-x')
  })

  it('lie beside a page with N, interval, test, scope, version and the way back', () => {
    const page = archivePage([figure], scope, { version: '1.2.3', madeAt: new Date('2026-01-02T03:04:05Z') })
    for (const said of [
      'Anchorage 1.2.3 on 2026-01-02',
      'N: 66 runs on 22 relations',
      'Anchors 512, Mask all, λ 0.01',
      '95 % bootstrap interval; McNemar’s test',
      '#/combinations?target=bert-large',
      'figures/bert-large.accuracy-along-lambda.anchors-512-lambda-0.01',
      '2 rows'
    ])
      expect(page).toContain(said)
  })
})
