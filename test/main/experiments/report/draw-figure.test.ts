import { describe, expect, it, vi } from 'vitest'
import type { FigureDefinition, Panel, Point } from '#engine/common/format/figure.ts'
import { categoryColour } from '#engine/common/format/palette.ts'
import { drawFigure } from '#main/experiments/report/figures/draw-figure.ts'
import { axisOf, barOf, groupsOf, marksOf, parseSvg } from '#test/support/svg.ts'

/** Vega puts ticks, by which values are read back, on whole pixels. */
const pixel = 1

function point(x: Point['x'], y: number, interval: Point['interval'] = null): Point {
  return { x, y, interval }
}

function points(panels: readonly Panel[], more: Partial<FigureDefinition> = {}): FigureDefinition {
  return {
    title: 'Matching',
    marks: 'points',
    x: { label: 'matching', unit: null },
    y: { label: 'Accuracy', unit: '%' },
    panels,
    ...more
  }
}

const draw = async (figure: FigureDefinition): Promise<Element> => parseSvg(await drawFigure(figure, 'paper'))

const scattered = points([
  {
    title: null,
    series: [
      { label: 'bert', points: [point(0.13, 20, { low: 12, high: 31 }), point(0.4, 44)] },
      { label: 'gpt2', points: [point(0.47, 61, { low: 55, high: 63 })] }
    ]
  }
])

const categories = ['bert', 'roberta', 'gpt2']
const bars: FigureDefinition = {
  title: 'Methods',
  marks: 'bars',
  x: { label: 'target', categories },
  y: { label: 'Accuracy', unit: '%' },
  panels: [
    {
      title: null,
      series: [
        { label: 'manual', points: categories.map((name, index) => point(name, 40 + index)) },
        {
          label: 'exact',
          points: [point('gpt2', 62, { low: 58, high: 71 }), point('bert', 51, { low: 50, high: 52 })]
        }
      ]
    }
  ]
}

/** The ends of the lines of error bars as values. */
function intervalsOf(svg: Element): { x: number; low: number; high: number }[] {
  const { valueAt } = axisOf(svg, 'y')
  return marksOf(svg, 'mark-rule').map((rule) => {
    const ends = [valueAt(rule.y), valueAt(rule.y + Number(rule.attribute('y2')))]
    return { x: rule.x, low: Math.min(...ends), high: Math.max(...ends) }
  })
}

describe('a figure of points', () => {
  it('has one mark per point, where the axes say that its values are', async () => {
    const svg = await draw(scattered)
    const [x, y] = [axisOf(svg, 'x'), axisOf(svg, 'y')]
    const marks = marksOf(svg, 'mark-symbol')
    const values = [
      [0.13, 20],
      [0.4, 44],
      [0.47, 61]
    ]
    expect(marks).toHaveLength(values.length)
    for (const [index, [atX = 0, atY = 0]] of values.entries()) {
      const mark = marks[index]
      const perPixel = Math.abs(y.valueAt(1) - y.valueAt(0))
      expect(Math.abs(x.valueAt(mark?.x ?? 0) - atX)).toBeLessThan(
        pixel * Math.abs(x.valueAt(1) - x.valueAt(0))
      )
      expect(Math.abs(y.valueAt(mark?.y ?? 0) - atY)).toBeLessThan(pixel * perPixel)
    }
  })

  it('has an error bar for every interval and for nothing else', async () => {
    const svg = await draw(scattered)
    const bounds = intervalsOf(svg)
    expect(bounds).toHaveLength(2)
    for (const [index, [low, high]] of [
      [12, 31],
      [55, 63]
    ].entries()) {
      expect(bounds[index]?.low).toBeCloseTo(low ?? 0, 0)
      expect(bounds[index]?.high).toBeCloseTo(high ?? 0, 0)
    }
    const [first, , third] = marksOf(svg, 'mark-symbol')
    expect(bounds.map(({ x }) => x)).toEqual([first?.x, third?.x])
  })

  it('tells series apart by colour and by shape, in the marks as in the legend', async () => {
    const svg = await draw(scattered)
    const fills = marksOf(svg, 'mark-symbol').map(({ attribute }) => attribute('fill'))
    expect(fills).toEqual([categoryColour(0), categoryColour(0), categoryColour(1)])
    const legend = marksOf(svg, 'mark-symbol', 'role-legend-symbol')
    expect(legend.map(({ attribute }) => attribute('fill'))).toEqual([categoryColour(0), categoryColour(1)])
    expect(new Set(legend.map(({ attribute }) => attribute('d'))).size).toBe(2)
    expect(marksOf(svg, 'mark-text', 'role-legend-label').map(({ text }) => text)).toEqual(['bert', 'gpt2'])
  })

  it('has axes that end at round numbers around the values and say their units', async () => {
    const svg = await draw(scattered)
    const [x, y] = [axisOf(svg, 'x'), axisOf(svg, 'y')]
    expect(x.ticks.map(Number)).toEqual([0.1, 0.2, 0.3, 0.4, 0.5])
    expect([x.places[0], x.places.at(-1)]).toEqual(x.span)
    expect(y.ticks.map(Number)).toEqual([10, 20, 30, 40, 50, 60, 70])
    expect([y.places[0], y.places.at(-1)]).toEqual(y.span)
    expect([x.title, y.title]).toEqual(['matching', 'Accuracy in %'])
  })

  it('stands a single value', async () => {
    const svg = await draw(points([{ title: null, series: [{ label: 'one', points: [point(3, 42)] }] }]))
    const [mark] = marksOf(svg, 'mark-symbol')
    for (const direction of ['x', 'y'] as const) {
      const { span } = axisOf(svg, direction)
      expect(mark?.[direction]).toBeGreaterThanOrEqual(Math.min(...span) - pixel)
      expect(mark?.[direction]).toBeLessThanOrEqual(Math.max(...span) + pixel)
    }
  })
})

describe('a figure of bars', () => {
  it('has bars from zero to their values, side by side in the slot of their category', async () => {
    const svg = await draw(bars)
    const [x, y] = [axisOf(svg, 'x'), axisOf(svg, 'y')]
    const [first = 0, second = 0, third = 0] = x.places
    const slot = second - first
    expect(third - second).toBeCloseTo(slot, -1)
    expect(Math.min(first - x.span[0], x.span[1] - third)).toBeGreaterThan(slot / 2 - pixel)
    const drawn = marksOf(svg, 'mark-rect', 'layer_0_marks').map((mark) => ({ ...barOf(mark), mark }))
    const expected = [
      [0, 40, 0],
      [1, 41, 0],
      [2, 42, 0],
      [2, 62, 1],
      [0, 51, 1]
    ] as const
    expect(x.ticks).toEqual(categories)
    expect(y.ticks[0]).toBe('0')
    expect(drawn).toHaveLength(expected.length)
    for (const [index, [category, value, series]] of expected.entries()) {
      const bar = drawn[index]
      if (bar === undefined) throw new Error('no bar')
      expect(y.valueAt(bar.top)).toBeCloseTo(value, 0)
      expect(y.valueAt(bar.bottom)).toBeCloseTo(0, 0)
      expect(bar.mark.attribute('fill')).toBe(categoryColour(series))
      const centre = x.places[category] ?? 0
      expect(bar.left).toBeGreaterThan(centre - slot / 2)
      expect(bar.right).toBeLessThan(centre + slot / 2)
      // The first of two series is left of the middle, the second right of it.
      if (series === 0) expect(bar.right).toBeLessThan(centre + pixel)
      else expect(bar.left).toBeGreaterThan(centre - pixel)
    }
  })

  it('has intervals in the middle of their own bars', async () => {
    const svg = await draw(bars)
    const drawn = marksOf(svg, 'mark-rect', 'layer_0_marks').map(barOf).slice(-2)
    const bounds = intervalsOf(svg)
    expect(bounds).toHaveLength(2)
    for (const [index, [low, high]] of [
      [58, 71],
      [50, 52]
    ].entries()) {
      const { left = 0, right = 0 } = drawn[index] ?? {}
      expect(bounds[index]?.x).toBeCloseTo((left + right) / 2, 0)
      expect(bounds[index]?.low).toBeCloseTo(low ?? 0, 0)
      expect(bounds[index]?.high).toBeCloseTo(high ?? 0, 0)
    }
  })
})

describe('a figure of lines', () => {
  const titles = [
    'from bert',
    'from roberta',
    'from gpt2',
    'from bert-large-cased + roberta-large + gpt2-medium'
  ]
  const steps = [0.9, 0.6, 0.7, 0.2]
  const curves = points(
    titles.map((title, panel) => ({
      title,
      series: [{ label: 'bert', points: steps.map((x, step) => point(x, 10 * step + panel)) }]
    })),
    { marks: 'lines', x: { label: 'matching loss', unit: null, reversed: true } }
  )

  it('joins the points in the order of the series, high values at the left where this is asked', async () => {
    const svg = await draw(curves)
    const [line] = marksOf(svg, 'mark-line')
    const { valueAt, ticks } = axisOf(svg, 'x')
    const along = [...(line?.attribute('d') ?? '').matchAll(/[ML]([\d.]+),/g)].map(([, x]) =>
      valueAt((line?.x ?? 0) + Number(x))
    )
    expect(along).toHaveLength(steps.length)
    for (const [index, step] of steps.entries()) expect(along[index]).toBeCloseTo(step, 2)
    const numbers = ticks.map(Number)
    expect(marksOf(svg, 'mark-symbol')).toHaveLength(titles.length * steps.length)
    expect(marksOf(svg, 'mark-rule')).toHaveLength(0)
    expect(axisOf(svg, 'x').places[numbers.indexOf(0.9)]).toBeLessThan(
      axisOf(svg, 'x').places[numbers.indexOf(0.2)] ?? 0
    )
  })

  it('has a panel each with its title and both axes, all of one scale', async () => {
    const svg = await draw(curves)
    const shown = groupsOf(svg, 'role-title-text').map(({ textContent }) => textContent)
    // A long title is broken into lines between words.
    expect(shown.map((title) => title?.replaceAll(' ', ''))).toEqual(
      titles.map((title) => title.replaceAll(' ', ''))
    )
    const axes = titles.map((_, panel) => [axisOf(svg, 'x', panel), axisOf(svg, 'y', panel)])
    for (const [x, y] of axes) {
      expect(x?.ticks).toEqual(axes[0]?.[0]?.ticks)
      expect(y?.ticks).toEqual(axes[0]?.[1]?.ticks)
    }
    const starts = marksOf(svg, 'mark-symbol').filter((_, index) => index % steps.length === 0)
    for (const [panel, { y }] of starts.entries()) {
      expect(axisOf(svg, 'y', panel).valueAt(y)).toBeCloseTo(panel, 0)
    }
  })

  it('keeps titles apart from the plots beside them', async () => {
    const svg = await draw(curves)
    const width = Number(svg.getAttribute('width'))
    const centres = marksOf(svg, 'mark-text', 'role-title-text').map(({ x }) => x)
    for (const [panel, centre] of centres.slice(0, 3).entries()) {
      const [from, to] = axisOf(svg, 'x', panel).span
      expect(Math.abs(centre - (from + to) / 2)).toBeLessThanOrEqual(pixel)
      expect(to).toBeLessThanOrEqual(width)
    }
  })
})

describe('the text of a figure', () => {
  const odd = 'a <b>&"\' $& $1 ]]> {{x}}'
  const named: FigureDefinition = {
    ...bars,
    title: `title ${odd}`,
    x: { label: `x ${odd}`, categories: [odd, 'plain'] },
    panels: [
      { title: null, series: [{ label: `series ${odd}`, points: [point(odd, 1), point('plain', 2)] }] }
    ]
  }

  it('is nothing but text, whatever names hold', async () => {
    const svg = await draw(named)
    expect(axisOf(svg, 'x').ticks).toEqual([odd, 'plain'])
    expect(axisOf(svg, 'x').title).toBe(`x ${odd}`)
    expect(marksOf(svg, 'mark-text', 'role-legend-label')[0]?.text).toBe(`series ${odd}`)
    expect(svg.getElementsByTagName('b')).toHaveLength(0)
    expect(marksOf(svg, 'mark-rect', 'layer_0_marks')).toHaveLength(2)
  })

  it('names the drawing by its title', async () => {
    const svg = await draw(named)
    expect(svg.getAttribute('role')).toBe('img')
    expect(svg.getAttribute('aria-label')).toBe(`title ${odd}`)
    expect(svg.getElementsByTagName('title')[0]?.textContent).toBe(`title ${odd}`)
  })

  it('is whole and within the drawing, with the legend above the data', async () => {
    const labels = Array.from(
      { length: 9 },
      (_, index) => `${index} a method of a long name, several sources`
    )
    const names = ['bert-base-cased · classification', 'roberta-base · classification', 'gpt2', 'd', 'e', 'f']
    const svg = await draw({
      ...bars,
      x: { label: 'target', categories: names },
      panels: [
        {
          title: null,
          series: labels.map((label) => ({ label, points: names.map((name) => point(name, 30)) }))
        }
      ]
    })
    const top = Math.min(...axisOf(svg, 'y').span)
    const legend = marksOf(svg, 'mark-text', 'role-legend-label')
    expect(legend.map(({ text }) => text)).toEqual(labels)
    const [width, height] = [Number(svg.getAttribute('width')), Number(svg.getAttribute('height'))]
    for (const { x, y, text } of legend) {
      expect(y).toBeLessThan(top)
      expect(y).toBeGreaterThan(0)
      // 0.6 em per character is about the mean of wide fonts, such as DejaVu Sans.
      expect(x + 0.6 * 12 * text.length).toBeLessThan(width)
    }
    expect(axisOf(svg, 'x').ticks).toEqual(names)
    for (const { x, y, text } of marksOf(svg, 'mark-text', 'role-axis-label').filter((one) =>
      names.includes(one.text)
    )) {
      // Turned by 30°, it ends at its place.
      expect(x - 0.6 * 12 * text.length * Math.cos(Math.PI / 6)).toBeGreaterThan(0)
      expect(y + 0.6 * 12 * text.length * Math.sin(Math.PI / 6)).toBeLessThan(height)
    }
  })
})

describe('the drawing', () => {
  it('is the same for the same figure, whatever was drawn before', async () => {
    const first = await drawFigure(scattered, 'paper')
    await drawFigure(bars, 'page')
    expect(await drawFigure(scattered, 'paper')).toBe(first)
  })

  it('loads nothing and has no identifiers that another drawing of the page might have', async () => {
    for (const figure of [scattered, bars]) {
      const svg = await drawFigure(figure, 'page')
      expect(svg).not.toMatch(/\b(id|href|src|clip-path)=|url\(|<(script|style|image|a)\b/)
    }
  })

  it('is dark on white in a file, and in the colours of the page within it', async () => {
    const [paper, page] = [await drawFigure(bars, 'paper'), await drawFigure(bars, 'page')]
    expect(parseSvg(paper).getElementsByTagName('rect')[0]?.getAttribute('fill')).toBe('#ffffff')
    expect(paper).not.toContain('currentColor')
    expect(parseSvg(page).getElementsByTagName('rect')).toHaveLength(0)
    for (const { attribute } of marksOf(parseSvg(page), 'mark-text', 'role-axis-label')) {
      expect(attribute('fill')).toBe('currentColor')
    }
    expect(paper).toContain('font-family="Helvetica, Arial, Liberation Sans, sans-serif"')
  })

  it('is made without a warning', async () => {
    const warn = vi.spyOn(console, 'warn')
    await drawFigure(scattered, 'paper')
    await drawFigure(bars, 'paper')
    expect(warn).not.toHaveBeenCalled()
    warn.mockRestore()
  })
})
