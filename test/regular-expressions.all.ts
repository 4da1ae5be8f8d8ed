/**
 * No expression of the program backtracks on text of others: each literal of the source is run over long texts made of
 * what it asks for itself, repeated, with an end that it does not take. Time must grow with the length of a text; where it
 * grows with its square or faster, these texts take minutes.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { expect, it } from 'vitest'
import { withinSeconds } from '#engine/files/time-limit.ts'

const repository = join(import.meta.dirname, '..')
const length = 150_000
/** A text of this length takes milliseconds in one pass, and some ten seconds where each place is begun at anew. */
const seconds = 4

/** Training the sample reads its own files alone. */
const ownFilesAlone = join('engine', 'sample')

function sourceFiles(): string[] {
  return ['engine', 'main', 'preload', 'renderer'].flatMap((folder) =>
    readdirSync(join(repository, folder), { recursive: true, encoding: 'utf8' })
      .map((name) => join(folder, name))
      .filter((path) => /\.tsx?$/.test(path) && !path.startsWith(ownFilesAlone))
  )
}

type Expression = { readonly where: string; readonly literal: string }

function expressionsIn(path: string): Expression[] {
  const source = ts.createSourceFile(
    path,
    readFileSync(join(repository, path), 'utf8'),
    ts.ScriptTarget.Latest,
    true
  )
  const found: Expression[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isRegularExpressionLiteral(node)) {
      const { line } = source.getLineAndCharacterOfPosition(node.getStart())
      found.push({ where: `${path}:${line + 1}`, literal: node.text })
    }
    ts.forEachChild(node, visit)
  }
  visit(source)
  return found
}

/** What a text for an expression is made of: characters and words of its own, and those that its classes stand for. */
function repeated(source: string): string[] {
  const plain = source
    .replaceAll('\\d', '1')
    .replaceAll('\\s', ' ')
    .replaceAll(/\\[wpPSDW](\{[^}]*\})?/g, 'a')
    .replaceAll('\\', '')
  const singles = [...new Set(plain)]
  const pairs = singles.flatMap((_, index) => plain.slice(index, index + 2))
  return [
    ...new Set([...singles, ...pairs, ...(plain.match(/[a-zA-Z_-]{3,40}/g) ?? []), '1', 'a', ' ', '\n', '"'])
  ]
}

function isSlow(literal: string): string | undefined {
  const end = literal.lastIndexOf('/')
  const [source, flags] = [literal.slice(1, end), literal.slice(end + 1).replaceAll(/[gy]/g, '')]
  const expression = new RegExp(source, flags)
  for (const part of repeated(source)) {
    const text = part.repeat(Math.ceil(length / part.length))
    for (const whole of [`${text}\n\u0000`, `a${text}\u0000a`]) {
      try {
        withinSeconds(seconds, literal, () => expression.test(whole))
      } catch {
        return part
      }
    }
  }
  return undefined
}

it('no expression takes longer than in step with the length of a text', () => {
  const expressions = sourceFiles().flatMap(expressionsIn)
  expect(expressions.length).toBeGreaterThan(50)
  const slow = expressions.flatMap(({ where, literal }) => {
    const part = isSlow(literal)
    return part === undefined ? [] : [`${where} ${literal} on ${JSON.stringify(part)} repeated`]
  })
  expect(slow).toEqual([])
}, 600_000)

it('the test finds those that do', () => {
  expect(isSlow('/^[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?$/')).toBe('1')
  expect(isSlow('/[ \\t]+$/gm')).toBe(' ')
  expect(isSlow('/ \\(.*\\)$/')).toBe(' (')
}, 120_000)
