/** Writes a prompt in a chosen format, whole or not at all. */
import { join, resolve } from 'node:path'
import { AnchorageError } from '#engine/common/contract/errors.ts'
import { requireFinite } from '#engine/common/contract/matrix.ts'
import { type PromptWrite, type PromptWritten, promptWriteSchema } from '#engine/common/contract/prompts.ts'
import { writeFiles, writeFolder } from '#engine/common/files/write-whole.ts'
import { scaled, scaleIn, scaleNotes } from './embedding-scale.ts'
import { formatTable } from './format-table.ts'
import { endsWith, type PromptFormatEntry } from './prompt-format.ts'
import { readingNote } from './reading-note.ts'

function findWriter(format: PromptFormatEntry): NonNullable<PromptFormatEntry['write']> {
  if (format.write !== null) return format.write
  const writable = Object.values<PromptFormatEntry>(formatTable).filter(({ write }) => write !== null)
  throw new AnchorageError('unsupported', `${format.label} is read, not written.`, {
    where: 'format',
    found: format.name,
    expected: writable.map(({ name }) => name).join(', '),
    next: 'Choose one of these formats.'
  })
}

function requireEnding(path: string, endings: readonly string[]): void {
  if (endings.length === 0 || endsWith(path, ...endings)) return
  throw new AnchorageError('bad-argument', 'The name does not have an ending of its format.', {
    where: path,
    expected: endings.join(' or '),
    next: `Name it ${path}${endings[0]}, so that it is known again.`
  })
}

/**
 * Writes a prompt to `path` (for PEFT a folder, else a file) in the format asked for, with a note beside it.
 * @returns the files written, and what has to be known to use them.
 * @throws `unsupported` for a format that is only read, `write-failed`, `bad-argument`, `bad-value`.
 */
export async function writePrompt(request: PromptWrite): Promise<PromptWritten> {
  const { prompt, format, path, overwrite, note, model, ...settings } = promptWriteSchema.parse(request)
  const writer = findWriter(formatTable[format])
  requireEnding(path, writer.endings)
  requireFinite(prompt.vectors, prompt.name)
  const target = resolve(path)
  const entering = { ...prompt, vectors: scaled(prompt.vectors, scaleIn(format, model)) }
  const encoded = await writer.encode(entering, { ...settings, model }, target)
  const notes = [...scaleNotes(format, model), ...encoded.notes]
  const beside = note ? [new TextEncoder().encode(readingNote(prompt, notes, encoded.loading))] : []
  if (encoded.kind === 'folder') {
    const files = [...encoded.files, ...beside.map((bytes) => ({ name: 'README.md', bytes }))]
    await writeFolder(target, files, overwrite)
    return { files: files.map(({ name }) => join(target, name)), notes }
  }
  const files = [...encoded.files, ...beside.map((bytes) => ({ ending: '.md', bytes }))].map(
    ({ ending, bytes }) => ({ path: target + ending, bytes })
  )
  await writeFiles(files, overwrite)
  return { files: files.map((file) => file.path), notes }
}
