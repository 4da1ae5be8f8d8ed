/** Text and JSON files that are read whole: their size is looked at first. */
import { AnchorageError } from '#engine/common/contract/errors.ts'
import { parseJson } from '#engine/common/files/json-text.ts'
import { readBytes, withFile } from './read-range.ts'

/** The largest tokenizers known take some 40 MB, a prompt of 4,096 × 1,024 as decimals some 60 MB. */
const largestText = 256 * 2 ** 20

/**
 * A UTF-8 file without its byte order mark.
 * @param largest most bytes that the file may have
 * @throws `file-malformed` for other bytes, `unsupported` where it is too long
 */
export async function readTextFile(path: string, largest: number = largestText): Promise<string> {
  const bytes = await withFile(path, (file, size) => {
    if (size > largest) {
      throw new AnchorageError('unsupported', 'The text file is too long.', {
        where: path,
        found: `${size.toLocaleString('en')} bytes`,
        expected: `at most ${largest.toLocaleString('en')}`,
        next: 'Check that this is the file that was meant.'
      })
    }
    return readBytes(file, 0, size, path)
  })
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw new AnchorageError(
      'file-malformed',
      'The file is not UTF-8 text.',
      { where: path, expected: 'text', next: 'Check that this is the file that was meant.' },
      cause
    )
  }
}

/**
 * The lines of a text file, without their line feeds.
 * @param most lines that it may have: each takes memory of its own
 * @throws as {@link readTextFile}, `unsupported` for more lines
 */
export async function readLines(path: string, most: number): Promise<string[]> {
  const text = await readTextFile(path)
  let lines = 1
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines++
  if (lines <= most) return text.split('\n')
  throw new AnchorageError('unsupported', 'The file has too many lines.', {
    where: path,
    found: lines.toLocaleString('en'),
    expected: `at most ${most.toLocaleString('en')}`,
    next: 'Check that this is the file that was meant; split it if it is.'
  })
}

/** What a JSON file holds, not checked further. @throws `file-malformed` with the parser's words, `unsupported` */
export async function readJsonFile(path: string): Promise<unknown> {
  return parseJson(await readTextFile(path), path, 'The file is not JSON.')
}
