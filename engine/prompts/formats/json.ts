/**
 * `.json`: a list of lists of numbers, alone or under a name in an object. Our own files hold the vectors under
 * `vectors`, one per line, beside what is known of the prompt.
 */
import { AnchorageError } from '#engine/common/contract/errors.ts'
import { row } from '#engine/common/contract/matrix.ts'
import { readJsonFile } from '#engine/files/text-file.ts'
import { decimals, matrixPart } from '../matrix-parts.ts'
import { rowText } from '../number-text.ts'
import { readFacts, writeFacts } from '../own-facts.ts'
import { endsWith, type PromptFormatEntry, type PromptPart } from '../prompt-format.ts'
import { nameIn, python } from '../reading-note.ts'

function describe(value: unknown): string {
  if (Array.isArray(value)) return `a list of ${value.length}`
  if (value === null) return 'null'
  return typeof value === 'object' ? 'an object' : `${typeof value} ${JSON.stringify(value)}`.slice(0, 60)
}

function malformed(where: string, value: unknown, expected: string): AnchorageError {
  return new AnchorageError('file-malformed', 'The JSON does not hold a matrix of numbers.', {
    where,
    found: describe(value),
    expected,
    next: 'Write the vectors as a list of lists of numbers, alone or under a name.'
  })
}

/** A list of equally long lists of numbers as `[m, e]`; errors carry the path, such as `vectors[3][7]`. */
function readMatrix(value: unknown, where: string): { shape: [number, number]; values: Float32Array } {
  if (!Array.isArray(value) || value.length === 0) throw malformed(where, value, 'a list of vectors')
  const [first]: unknown[] = value
  if (!Array.isArray(first) || first.length === 0) throw malformed(`${where}[0]`, first, 'a list of numbers')
  const columns = first.length
  const values = new Float32Array(value.length * columns)
  for (const [i, vector] of value.entries()) {
    if (!Array.isArray(vector) || vector.length !== columns) {
      throw malformed(`${where}[${i}]`, vector, `a list of ${columns} numbers, as in the first`)
    }
    for (const [j, number] of vector.entries()) {
      if (typeof number !== 'number') throw malformed(`${where}[${i}][${j}]`, number, 'a number')
      values[i * columns + j] = number
    }
  }
  return { shape: [value.length, columns], values }
}

function listMatrices(value: unknown, path: string): PromptPart[] {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
  const named: [string, unknown][] = isObject
    ? Object.entries(value).filter(([, entry]) => Array.isArray(entry))
    : [['vectors', value]]
  if (named.length === 0) throw malformed(path, value, 'a list of vectors, or an object that holds one')
  const facts = readFacts(value)
  return named.map(([part, entry]) => {
    const { shape, values } = readMatrix(entry, `${path}, ${part}`)
    const tensor = { name: part, dtype: decimals, shape, file: path, read: () => Promise.resolve(values) }
    return matrixPart(tensor, { format: 'json', facts })
  })
}

export const jsonFormat: PromptFormatEntry = {
  name: 'json',
  label: 'JSON (list of vectors)',
  detect: (path) => endsWith(path, '.json'),
  foundInFolders: false,
  list: async (path) => listMatrices(await readJsonFile(path), path),
  write: {
    endings: ['.json'],
    encode: (prompt, _settings, path) => {
      const { vectors } = prompt
      const facts = Object.entries(writeFacts(prompt)).map(
        ([key, value]) => `  ${JSON.stringify(key)}: ${JSON.stringify(value)},\n`
      )
      const rows = Array.from(
        { length: vectors.rows },
        (_, index) => `[${rowText(row(vectors, index), ', ')}]`
      )
      const text = `{\n${facts.join('')}  "vectors": [\n    ${rows.join(',\n    ')}\n  ]\n}\n`
      const bytes = new TextEncoder().encode(text)
      const loading = python(
        'import json, numpy as np',
        `prompt = json.load(open(${nameIn(path)}, encoding="utf-8"))`,
        'vectors = np.array(prompt["vectors"], dtype=np.float32)'
      )
      return Promise.resolve({ kind: 'files', files: [{ ending: '', bytes }], notes: [], loading })
    }
  }
}
