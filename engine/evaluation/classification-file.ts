/** Labelled texts in TSV, CSV or JSONL files, with a word that stands for each label. */
import { extname } from 'node:path'
import { parse } from 'csv-parse/sync'
import { z } from 'zod'
import { AnchorageError, causedBy } from '#engine/common/contract/errors.ts'
import {
  type ClassificationSource,
  type Example,
  splitNames,
  type Task
} from '#engine/common/contract/tasks.ts'
import { readTextFile } from '#engine/files/text-file.ts'
import { readJsonLines } from './json-lines.ts'

const recordSchema = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]))
type LabelledRecord = z.infer<typeof recordSchema>

async function readTable(path: string, delimiter: string): Promise<LabelledRecord[]> {
  const text = await readTextFile(path)
  try {
    // TSV files of the field (SST-2, DBpedia) hold bare quotation marks.
    const records: unknown = parse(text, {
      columns: true,
      delimiter,
      quote: delimiter === '\t' ? null : '"',
      skip_empty_lines: true
    })
    return z.array(recordSchema).parse(records)
  } catch (cause) {
    throw causedBy(cause, 'file-malformed', 'The table could not be read.', {
      where: path,
      expected: 'a header line and the same number of fields on every line',
      next: 'Mend the line that is named.'
    })
  }
}

function readRecords(path: string): Promise<LabelledRecord[]> {
  switch (extname(path).toLowerCase()) {
    case '.tsv':
      return readTable(path, '\t')
    case '.csv':
      return readTable(path, ',')
    case '.jsonl':
    case '.json':
      return readJsonLines(path, recordSchema)
    default:
      throw new AnchorageError('unsupported', 'The kind of file is not known by its ending.', {
        where: path,
        expected: '.tsv, .csv or .jsonl',
        next: 'Rename the file, or convert it.'
      })
  }
}

function requireField(record: LabelledRecord, column: string, where: string): string {
  const value = Object.hasOwn(record, column) ? record[column] : undefined
  if (value !== undefined && value !== null) return String(value)
  throw new AnchorageError('file-malformed', `A line has no column "${column}".`, {
    where,
    found: `columns ${Object.keys(record).join(', ')}`,
    expected: column,
    next: 'Name the columns that hold the text and the label.'
  })
}

async function readExamples(path: string, split: string, source: ClassificationSource): Promise<Example[]> {
  const records = await readRecords(path)
  return records.map((record, index) => {
    const where = `${path}, record ${index + 1}`
    const label = requireField(record, source.labelColumn, where)
    const word = Object.hasOwn(source.labelWords, label) ? source.labelWords[label] : undefined
    if (word === undefined) {
      throw new AnchorageError('bad-argument', `The label "${label}" has no word.`, {
        where,
        found: label,
        expected: `one of ${Object.keys(source.labelWords).join(', ')}`,
        next: 'Give every label of the file a label word.'
      })
    }
    return { id: `${split}:${index}`, input: requireField(record, source.textColumn, where), label: word }
  })
}

/** Reads a classification task; predictions are made within the label words. */
export async function readClassificationFiles(source: ClassificationSource): Promise<Task> {
  const splits: Task['splits'] = { train: [], dev: [], test: [] }
  const notes: string[] = []
  for (const split of splitNames) {
    const path = source.files[split]
    if (path === undefined) notes.push(`${split}: no file`)
    else splits[split] = await readExamples(path, split, source)
  }
  const candidates = [...new Set(Object.values(source.labelWords))]
  return {
    name: source.name,
    kind: 'classification',
    relation: null,
    template: source.template,
    splits,
    candidates,
    notes
  }
}
