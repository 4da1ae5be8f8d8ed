import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writeReport } from '#main/experiments/report/write-report.ts'
import { seriousFindings } from '#test/support/accessibility.ts'
import { hasChromium, startChromium } from '#test/support/chromium.ts'
import { type MadeUpAnswers, madeUpResults } from '#test/support/experiment-results.ts'
import { axisOf, barOf, marksOf, parseSvg } from '#test/support/svg.ts'
import { temporaryFolder } from '#test/support/temporary-folder.ts'

/** Ranks by method, relation and seed; six examples in all. */
const ranks: Record<string, readonly number[]> = {
  'manual r1 null': [1, 2, 2, 2],
  'manual r2 null': [2, 2],
  'ours_&_theirs r1 1': [1, 1, 2, 3],
  'ours_&_theirs r2 1': [1, 5],
  'ours_&_theirs r1 2': [1, 1, 2, 1],
  'ours_&_theirs r2 2': [2, 1]
}

function answers(method: string, relation: string, seed: number | null): MadeUpAnswers | null {
  const known = ranks[`${method.replace('-and-', '_&_')} ${relation} ${seed}`]
  return known === undefined ? null : { ranks: known, matching: 0.5 }
}

const results = madeUpResults({
  file: {
    name: 'Small <script>alert("x")</script> & 100 %',
    models: { 'bert-base-cased': 'a', 'roberta-base': 'b' },
    sources: ['roberta-base'],
    targets: ['bert-base-cased'],
    tasks: { lama: { kind: 'relations', folder: 'x' } },
    methods: { manual: { kind: 'manual' }, 'ours-and-theirs': { kind: 'exact' } },
    seeds: [1, 2],
    sections: [
      { name: 'main', title: '50 % of_it', shows: 'table-3', methods: ['manual', 'ours-and-theirs'] },
      { name: 'missing', methods: ['manual'], targets: ['roberta-base'] }
    ]
  },
  tasks: { lama: ['r1', 'r2'] },
  widths: { 'bert-base-cased': 768, 'roberta-base': 768 },
  answers: ({ method, target, task, seed }) =>
    target === 'roberta-base' ? null : answers(method, task.name, seed)
})

let folder = ''
const read = (name: string): Promise<string> => readFile(join(folder, name), 'utf8')

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'anchorage-test-'))
  await writeReport(results, folder)
})

afterAll(() => rm(folder, { recursive: true }))

describe('refinement without labels in a report', () => {
  it('is marked and priced, and never in bold: it is not zero-shot', async () => {
    const made = madeUpResults({
      file: {
        name: 'refined',
        models: { bert: 'a', gpt2: 'b' },
        sources: ['bert'],
        targets: ['gpt2'],
        tasks: { facts: { kind: 'relations', folder: 'x' } },
        methods: { exact: { kind: 'exact' }, refined: { kind: 'refine' } },
        sections: [{ name: 'main', methods: ['exact', 'refined'] }]
      },
      tasks: { facts: ['r1', 'r2'] },
      widths: { bert: 8, gpt2: 8 },
      answers: ({ method, task }) =>
        method === 'exact'
          ? { ranks: [1, 2, 2] }
          : { ranks: [1, 1, 2], refined: { inputs: 16, steps: task.name === 'r1' ? 50 : 100 } }
    })
    const place = await temporaryFolder()
    const { files } = await writeReport(made, place)
    const page = await readFile(files[0] ?? '', 'utf8')
    expect(page).toContain('<strong>33.33</strong>')
    expect(page).toContain('66.67')
    expect(page).not.toContain('<strong>66.67</strong>')
    expect(page).toMatch(/<sup>[↑↓]?U<\/sup>/)
    expect(page).toContain('refined: no labels; 16 unlabelled inputs; 100 steps on the target')
    const rows: Record<string, string>[] = parse(await readFile(join(place, 'tables/main.csv'), 'utf8'), {
      columns: true
    })
    expect(rows.map((row) => row['steps on the target'])).toEqual(['', '100'])
  })
})

describe('the report of an experiment of the paper’s own models and relations', () => {
  it('has the published figure beside the measured one, in every form', async () => {
    const relations = Array.from({ length: 41 }, (_, index) => `P${index + 1}`)
    const onLama = madeUpResults({
      file: {
        name: 'lama',
        models: { 'bert-base-cased': 'a', 'roberta-base': 'b' },
        sources: ['roberta-base'],
        targets: ['bert-base-cased'],
        tasks: { lama: { kind: 'relations', folder: 'x' } },
        methods: { exact: { kind: 'exact' } },
        sections: [{ name: 'main', methods: ['exact'] }]
      },
      tasks: { lama: relations },
      widths: { 'bert-base-cased': 768, 'roberta-base': 768 },
      answers: () => ({ ranks: [1, 2] })
    })
    const place = join(folder, 'lama')
    const { files } = await writeReport(onLama, place)
    expect(await readFile(files[0] ?? '', 'utf8')).toContain('<small>paper 31.33</small>')
    expect(await readFile(join(place, 'tables/main.tex'), 'utf8')).toContain(
      ' & {\\scriptsize paper 31.33} \\\\'
    )
    const [row]: Record<string, string>[] = parse(await readFile(join(place, 'tables/main.csv'), 'utf8'), {
      columns: true
    })
    expect(row).toMatchObject({ mean: '0.5', 'published in %': '31.33', 'task count': '41' })
    await rm(place, { recursive: true })
  })
})

describe('the files of a report', () => {
  it('are the page, the claims, and a picture or table with its data each', async () => {
    expect((await readdir(folder, { recursive: true })).sort()).toEqual(
      [
        'README.md',
        'claims.csv',
        'figures',
        'figures/main-methods.csv',
        'figures/main-methods.svg',
        'report.html',
        'tables',
        'tables/main.csv',
        'tables/main.tex',
        'tables/missing.csv',
        'tables/missing.tex'
      ].sort()
    )
  })

  it('have a page beside them with the captions, how much was run, and what made them', async () => {
    const page = await read('README.md')
    expect(page).toContain('N: 6 of 8 cells were run')
    expect(page).toContain('## `tables/main` (.tex, .csv): ')
    expect(page).toMatch(
      /## `figures\/main-methods` \(\.svg, \.csv\)\n\n.*95 % bootstrap intervals.* N:\u00a06 runs of 2 tasks with 6 examples\.\n/
    )
    expect(page).toMatch(/bootstrap intervals over examples\. N:\u00a06 runs of 2 tasks with 6 examples\./)
  })

  it('hold the figures that a hand computes', async () => {
    const rows: Record<string, string>[] = parse(await read('tables/main.csv'), { columns: true })
    const [manual, ours] = rows
    expect(manual).toMatchObject({ method: 'manual', seeds: '1', 'standard deviation over seeds': '' })
    expect(Number(manual?.['mean'])).toBeCloseTo(1 / 6, 12)
    expect(ours).toMatchObject({
      sources: 'roberta-base',
      seeds: '2',
      examples: '6',
      'published in %': ''
    })
    // Micro averages of the seeds: 3/6 and 4/6; numpy.std([3/6, 4/6], ddof=1).
    expect(Number(ours?.['mean'])).toBeCloseTo(3.5 / 6, 12)
    expect(Number(ours?.['standard deviation over seeds'])).toBeCloseTo(0.11785113019775789, 12)
    // Macro average: (5/8 + 1/2) / 2.
    expect(Number(ours?.['macro average'])).toBeCloseTo(0.5625, 12)
  })

  it('hold the paired test with the manual template on the same examples', async () => {
    const rows: Record<string, string>[] = parse(await read('tables/main.csv'), { columns: true })
    expect(rows[1]).toMatchObject({
      'compared with': 'manual',
      'examples better': '4',
      'examples worse': '0',
      test: 'clustered'
    })
    // d = [0, 1, 0, .5, .5, .5]; 2 * scipy.stats.norm.sf(sum(d) / numpy.sqrt(sum(d ** 2)))
    expect(Number(rows[1]?.['p'])).toBeCloseTo(0.05878172135535886, 6)
    expect(Number(rows[1]?.['difference'])).toBeCloseTo(2.5 / 6, 12)
  })

  it('print percentages with their deviation, and escape what LaTeX takes for its own', async () => {
    const latex = await read('tables/main.tex')
    expect(latex).toContain('roberta-base & \\textbf{58.33}{\\scriptsize $\\pm$11.79} \\\\')
    expect(latex).not.toContain('paper')
    expect(latex).toContain('\\caption{50 \\% of\\_it (Table 3). ')
    expect(latex).toContain('N:~6 runs of 2 tasks with 6 examples.')
    expect(latex).toContain('manual & 16.67 \\\\')
  })

  it('draw the means as bars, with their intervals', async () => {
    const svg = parseSvg(await read('figures/main-methods.svg'))
    const { valueAt, title } = axisOf(svg, 'y')
    const [manual, ours, ...others] = marksOf(svg, 'mark-rect', 'layer_0_marks').map(
      (bar) => valueAt(barOf(bar).top) - valueAt(barOf(bar).bottom)
    )
    // Read back to the pixel, some 0.4 points.
    expect(Math.abs((manual ?? 0) - 100 / 6)).toBeLessThan(0.5)
    expect(Math.abs((ours ?? 0) - 350 / 6)).toBeLessThan(0.5)
    expect(others).toEqual([])
    expect(marksOf(svg, 'mark-rule')).toHaveLength(2)
    expect(title).toBe('Accuracy in %')
    expect(axisOf(svg, 'x').ticks).toEqual(['bert-base-cased'])
    expect(svg.getAttribute('aria-label')).toBe('50 % of_it (Table 3): the methods on each target')
  })

  it('show what has not been run as missing', async () => {
    expect(await read('tables/missing.tex')).toContain('manual & -- \\\\')
    expect(await read('report.html')).toContain('6 of 8 cells were run so far.')
  })

  it('make a page that loads nothing and holds names as text', async () => {
    const page = await read('report.html')
    expect(page).not.toMatch(/<(script|link|img|iframe|object|embed)\b/i)
    expect(page).not.toMatch(/\b(src|href)="(?!#)/)
    expect(page).not.toMatch(/url\(|@import/)
    expect(page).toContain('Small &lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt; &amp; 100 %')
  })

  it.skipIf(!hasChromium())(
    'make a page that people can use in light and dark',
    { timeout: 60_000 },
    async () => {
      const browser = await startChromium()
      try {
        for (const colorScheme of ['light', 'dark'] as const) {
          const page = await browser.newPage({ colorScheme })
          const requests: string[] = []
          page.on('request', (request) => requests.push(request.url()))
          await page.goto(`file://${join(folder, 'report.html')}`)
          expect(await seriousFindings(page)).toEqual([])
          expect(requests).toHaveLength(1)
          await page.close()
        }
      } finally {
        await browser.close()
      }
    }
  )
})
