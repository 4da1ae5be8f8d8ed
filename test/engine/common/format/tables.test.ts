import { describe, expect, it } from 'vitest'
import { toCsv } from '#engine/common/format/csv.ts'
import { latexText, toLatex } from '#engine/common/format/latex.ts'

const table = {
  columns: ['method', 'accuracy'],
  rows: [
    ['a "quoted", line\nbroken', 0.123456789012],
    ['λ = 0.01 & 5 % of_all', null]
  ]
}

describe('a table', () => {
  it('is CSV by RFC 4180 with full precision', () => {
    expect(toCsv(table)).toBe(
      'method,accuracy\r\n"a ""quoted"", line\nbroken",0.123456789012\r\nλ = 0.01 & 5 % of_all,\r\n'
    )
  })

  it('is LaTeX with numbers to the right and special characters escaped', () => {
    const lines = toLatex(table, '50 % of $5').split('\n')
    expect(lines).toContain('\\caption{50 \\% of \\$5}')
    expect(lines).toContain('\\begin{tabular}{lr}')
    expect(lines).toContain('$\\lambda$ = 0.01 \\& 5 \\% of\\_all & -- \\\\')
  })

  it('escapes every character that LaTeX takes for its own, and its escapes once', () => {
    expect(latexText('\\{}$&#%_^~<>')).toBe(
      '\\textbackslash{}\\{\\}\\$\\&\\#\\%\\_\\textasciicircum{}\\textasciitilde{}\\textless{}\\textgreater{}'
    )
    expect(latexText(-0.5)).toBe('$-$0.5')
  })
})
