/**
 * The file of `verify --expect`: models that are refused as they should be. One a line, the model's folder and a part of
 * the sentence that refuses it; where an export itself is off, how far its numbers may be from PyTorch's:
 *
 *     # a remark
 *     bert--int8: works on quantised numbers
 *     gemma2--optimum: differs by at most 1e-3
 */
import { AnchorageError } from '#engine/common/contract/errors.ts'
import { readSmallFile } from '#engine/common/files/open-regular-file.ts'

export type Expectation = {
  /** The folder below the one that is verified, or its last name. */
  readonly folder: string
} & (
  | { readonly kind: 'refused' /** A part of the sentence. */; readonly says: string }
  | { readonly kind: 'differs'; readonly atMost: number }
)

function parseLine(line: string, at: string): Expectation {
  const whole = line.trim()
  const colon = whole.search(/:\s/)
  const [folder, says] = colon < 1 ? [] : [whole.slice(0, colon), whole.slice(colon + 1).trim()]
  const [, limit] = /^differs by at most (.+)$/.exec(says ?? '') ?? []
  const atMost = Number(limit)
  if (folder !== undefined && limit !== undefined && atMost > 0) return { folder, kind: 'differs', atMost }
  if (folder !== undefined && says !== undefined && limit === undefined)
    return { folder, kind: 'refused', says }
  throw new AnchorageError('file-malformed', 'A line of the expected refusals was not understood.', {
    where: at,
    found: line,
    expected: 'FOLDER: a part of the sentence that refuses it, or FOLDER: differs by at most NUMBER',
    next: 'Begin remarks with #.'
  })
}

const largestList = 2 ** 20

/** Reads the file. @throws as `readSmallFile`, `file-malformed` with the line */
export async function readExpectedRefusals(path: string): Promise<Expectation[]> {
  const text = (await readSmallFile(path, largestList)).toString('utf8')
  return text.split(/\r?\n/).flatMap((line, index) => {
    const isRemark = line.trim() === '' || line.trimStart().startsWith('#')
    return isRemark ? [] : [parseLine(line, `${path}, line ${index + 1}`)]
  })
}
