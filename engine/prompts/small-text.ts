/** Text files that are read whole: their size is looked at first. */
import { AnchorageError } from '../contract/errors.ts'
import { readBytes, withFile } from '../files/read-range.ts'

/** A matrix of 4,096 × 1,024 as decimals takes some 60 MB. */
const largestText = 256 * 2 ** 20

/** A UTF-8 file without its byte order mark. @throws `file-malformed` for other bytes or a file that is too long. */
export async function readSmallText(path: string, largest: number = largestText): Promise<string> {
  const bytes = await withFile(path, (file, size) => {
    if (size > largest) {
      throw new AnchorageError('unsupported', 'The text file is too long for a prompt.', {
        where: path,
        found: `${size.toLocaleString('en')} bytes`,
        expected: `at most ${largest.toLocaleString('en')}`,
        next: 'Choose the file that holds the prompt, or save it as .npy or .safetensors.'
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

/** JSON of a file. @throws `file-malformed` with the parser's words. */
export async function readSmallJson(path: string): Promise<unknown> {
  const text = await readSmallText(path)
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new AnchorageError(
      'file-malformed',
      'The file is not JSON.',
      {
        where: path,
        found: cause instanceof Error ? cause.message : String(cause),
        expected: 'JSON without NaN or Infinity',
        next: 'Mend the file, or write it again.'
      },
      cause
    )
  }
}
