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

  it('begins no cell of a spreadsheet with a formula, and leaves numbers as they are', () => {
    const rows = [['=HYPERLINK("x")', '+1+1', '-cmd', '@SUM(1)', '\t=1', '-0.5', -0.5]]
    const columns = ['=a', 'b', 'c', 'd', 'e', 'f', 'g']
    expect(toCsv({ columns, rows })).toBe(
      '\'=a,b,c,d,e,f,g\r\n"\'=HYPERLINK(""x"")",\'+1+1,\'-cmd,\'@SUM(1),\'\t=1,-0.5,-0.5\r\n'
    )
  })

  it('begins no LaTeX row with what the end of the row above takes for its argument', () => {
    const lines = toLatex({ columns: ['[MASK]'], rows: [['[1cm]'], ['*'], ['a [b]']] }, '').split('\n')
    expect(lines.filter((line) => line.endsWith('\\\\'))).toEqual([
      '{}[MASK] \\\\',
      '{}[1cm] \\\\',
      '{}* \\\\',
      'a [b] \\\\'
    ])
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
