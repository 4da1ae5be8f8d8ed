/**
 * Anchor sets as text, one anchor a line: what begins a word is written as it is, what continues one after `##`. A
 * backslash stands before a word's own `##` and itself, and writes line ends. Word lists made elsewhere, such as
 * LAMA's, are read as well: every line is a word there.
 */
import { createHash } from 'node:crypto'
import { z } from 'zod'
import {
  type Anchor,
  type AnchorAudit,
  type AnchorSet,
  anchorRecipeSchema
} from '#engine/common/contract/anchors.ts'
import { describeIssues } from '#engine/common/contract/describe-issues.ts'
import { AnchorageError } from '#engine/common/contract/errors.ts'
import { keepDistinct } from './audit.ts'

/** The first line of our own files. */
const firstLine = '# anchorage anchors 1'
const continuation = '##'

/** SHA-256 of the ordered list in its text form, in hexadecimal. */
export function hashAnchors(anchors: readonly Anchor[]): string {
  return createHash('sha256').update(linesOf(anchors)).digest('hex')
}

/** The set as text: a header with name, hash and recipe, an empty line, then the list. */
export function formatAnchorSet({ name, anchors, hash, recipe }: AnchorSet): string {
  const header = { name, hash, recipe } satisfies Header
  const lines = Object.entries(header).map(([key, value]) => `# ${key}: ${JSON.stringify(value)}\n`)
  return `${firstLine}\n${lines.join('')}\n${linesOf(anchors)}`
}

function linesOf(anchors: readonly Anchor[]): string {
  return anchors.map((anchor) => `${lineOf(anchor)}\n`).join('')
}

function lineOf({ surface, beginsWord }: Anchor): string {
  const text = surface.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\r', '\\r')
  if (!beginsWord) return continuation + text
  return text.startsWith(continuation) ? `\\${text}` : text
}

/**
 * Reads an anchor set of ours or a plain word list. A plain list has no recipe; words listed twice are kept once and
 * told in the audit.
 * @param written the lines of the text
 * @param path where they came from, for errors
 * @param name of a plain list
 * @throws `file-malformed` for a broken header or line, `mismatch` where the list is not the one that was hashed
 */
export function parseAnchorSet(written: readonly string[], path: string, name: string): AnchorSet {
  const lines = written.map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line))
  return lines[0] === firstLine ? parseOwn(lines, path) : parseWordList(lines, path, name)
}

const headerSchema = z.object({
  name: z.string().min(1),
  /** Left out of a list that was changed by hand. */
  hash: z.string().optional(),
  recipe: anchorRecipeSchema.nullable().default(null)
})
type Header = z.input<typeof headerSchema>

function parseOwn(lines: readonly string[], path: string): AnchorSet {
  const end = lines.indexOf('')
  const header = parseHeader(lines.slice(1, end < 0 ? lines.length : end), path)
  const anchors = lines
    .map((line, index) => ({ line, where: `${path}, line ${index + 1}` }))
    .slice(end < 0 ? lines.length : end)
    .filter(({ line }) => line !== '')
    .map(({ line, where }) => anchorOf(line, where))
  requireSome(anchors, path)
  const hash = hashAnchors(anchors)
  if (header.hash !== undefined && header.hash !== hash) {
    throw new AnchorageError('mismatch', 'The anchor list is not the one that was written to this file.', {
      where: path,
      found: `a list with SHA-256 ${hash}`,
      expected: header.hash,
      next: 'Export the set again; if the list was changed on purpose, delete the line that begins with "# hash:".'
    })
  }
  return { name: header.name, anchors, hash, recipe: header.recipe, audit: null }
}

function parseHeader(lines: readonly string[], path: string): z.output<typeof headerSchema> {
  const fields = new Map<string, unknown>()
  for (const [index, line] of lines.entries()) {
    const field = /^# (\w+): (.*)$/.exec(line)
    if (field === null)
      throw malformed(`${path}, line ${index + 2}`, line, '# key: value, then an empty line')
    try {
      fields.set(field[1], JSON.parse(field[2]))
    } catch {
      throw malformed(`${path}, line ${index + 2}`, line, 'a value in JSON')
    }
  }
  const parsed = headerSchema.safeParse(Object.fromEntries(fields))
  if (parsed.success) return parsed.data
  throw malformed(`${path}, header`, describeIssues(parsed.error), 'name, hash and recipe as we write them')
}

const escapes: ReadonlyMap<string, string> = new Map([
  ['n', '\n'],
  ['r', '\r'],
  ['\\', '\\'],
  ['#', '#']
])

function anchorOf(line: string, where: string): Anchor {
  const beginsWord = !line.startsWith(continuation)
  const surface = (beginsWord ? line : line.slice(continuation.length)).replace(
    /\\(.?)/gu,
    (found, letter) => {
      const meant = escapes.get(letter)
      if (meant === undefined) throw malformed(where, found, '\\n, \\r, \\\\ or \\# after a backslash')
      return meant
    }
  )
  if (surface === '') throw malformed(where, line, 'something after ##')
  return { surface, beginsWord }
}

function malformed(where: string, found: string, expected: string): AnchorageError {
  return new AnchorageError('file-malformed', 'The anchor set could not be read.', {
    where,
    found: found.slice(0, 500),
    expected,
    next: 'Export the set again, or leave out the first line to have every line read as a word.'
  })
}

function requireSome(anchors: readonly Anchor[], path: string): void {
  if (anchors.length > 0) return
  throw new AnchorageError('file-malformed', 'The file holds no anchor.', {
    where: path,
    expected: 'one word a line',
    next: 'Check that this is the file that was meant.'
  })
}

function parseWordList(lines: readonly string[], path: string, name: string): AnchorSet {
  const words = lines
    .map((line) => ({ anchor: { surface: line.trim(), beginsWord: true } }))
    .filter(({ anchor }) => anchor.surface !== '')
  const steps: AnchorAudit['steps'] = []
  const anchors = keepDistinct(words, steps).map(({ anchor }) => anchor)
  requireSome(anchors, path)
  const audit = { models: [], steps, collisions: [], casePolicy: 'exact: the words as they are listed' }
  return { name, anchors, hash: hashAnchors(anchors), recipe: null, audit }
}
