/** Text and JSON files that are read whole: their size is looked at first. */
import { AnchorageError } from '#engine/common/contract/errors.ts'
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

/** What a JSON file holds, not checked further. @throws `file-malformed` with the parser's words */
export async function readJsonFile(path: string): Promise<unknown> {
  const text = await readTextFile(path)
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new AnchorageError(
      'file-malformed',
      'The file is not JSON.',
      {
        where: path,
        found: cause instanceof Error ? cause.message : String(cause),
        expected: 'one JSON document, without NaN or Infinity',
        next: 'The copy may be incomplete: fetch or write the file again.'
      },
      cause
    )
  }
}
