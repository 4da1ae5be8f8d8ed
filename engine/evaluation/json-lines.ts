/** JSON Lines files, checked line by line against a schema. */
import type { z } from 'zod'
import { AnchorageError } from '#engine/common/contract/errors.ts'
import { parseJson } from '#engine/common/files/json-text.ts'
import { readLines } from '#engine/files/text-file.ts'

/** Examples of one split; the largest sets of the field have some ten million. */
const mostLines = 20_000_000

/**
 * Every non-empty line of a JSONL file, parsed and checked.
 * @throws `file-not-found`, or `file-malformed` with the line's number.
 */
export async function readJsonLines<S extends z.ZodType>(path: string, schema: S): Promise<z.output<S>[]> {
  const lines = await readLines(path, mostLines)
  const values: z.output<S>[] = []
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') continue
    values.push(parseLine(line, schema, `${path}, line ${index + 1}`))
  }
  return values
}

function parseLine<S extends z.ZodType>(line: string, schema: S, where: string): z.output<S> {
  const result = schema.safeParse(parseJson(line, where, 'A line is not JSON.'))
  if (result.success) return result.data
  const issue = result.error.issues[0]
  throw new AnchorageError('file-malformed', 'A line does not have the expected fields.', {
    where: `${where}${issue === undefined ? '' : `, field ${issue.path.join('.') || '(whole line)'}`}`,
    found: line.slice(0, 120),
    expected: issue?.message ?? 'the fields of the format',
    next: 'Check that this is the kind of file that was meant.'
  })
}
