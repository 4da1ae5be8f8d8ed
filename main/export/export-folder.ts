/** Exports seen as files: previewed without a trace, or packed into one archive for a colleague. */

import { createWriteStream } from 'node:fs'
import { mkdtemp, open, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative, sep } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { ZipFile } from 'yazl'
import { writeWhole } from '#engine/common/files/write-whole.ts'
import type { Exported, ExportedFile } from '#preload/contract/run-methods.ts'
import type { StoredPrompt } from '#store/records/prompts.ts'
import { type ExportContext, type ExportSettings, exportPrompts } from './export-prompts.ts'

export type ExportForm = Omit<ExportSettings, 'folder' | 'overwrite'>

const textEndings = ['.json', '.csv', '.txt', '.md']
const shownBytes = 4096

async function beginning(path: string): Promise<string | null> {
  if (!textEndings.some((ending) => path.endsWith(ending))) return null
  const file = await open(path)
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(shownBytes), 0, shownBytes, 0)
    return buffer.toString('utf8', 0, bytesRead)
  } finally {
    await file.close()
  }
}

/** The files of a folder, by name. */
export async function listFiles(folder: string, files: readonly string[]): Promise<ExportedFile[]> {
  const listed: ExportedFile[] = []
  for (const file of [...files].sort()) {
    const path = relative(folder, file).split(sep).join('/')
    listed.push({ path, bytes: (await stat(file)).size, text: await beginning(file) })
  }
  return listed
}

async function inTemporaryFolder<T>(body: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'anchorage-export-'))
  try {
    return await body(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
}

async function writeInto(
  folder: string,
  context: ExportContext,
  prompts: readonly StoredPrompt[],
  form: ExportForm,
  signal: AbortSignal
): Promise<Exported> {
  const exported = await exportPrompts(context, prompts, { ...form, folder }, signal)
  const notes = [...new Set(exported.flatMap((prompt) => prompt.notes))]
  return { files: await listFiles(folder, await filesBelow(folder)), notes }
}

/** The exact files that an export would write. */
export async function previewExport(
  context: ExportContext,
  prompts: readonly StoredPrompt[],
  form: ExportForm,
  signal: AbortSignal
): Promise<Exported> {
  return await inTemporaryFolder((folder) => writeInto(folder, context, prompts, form, signal))
}

function bundlePage(prompts: readonly StoredPrompt[], form: ExportForm): string {
  const rows = prompts.map(
    ({ prompt, sha256 }) =>
      `| ${prompt.name} | ${prompt.model.name ?? 'unknown'} | ${prompt.vectors.rows} × ${prompt.vectors.columns} | ${prompt.template ?? ''} | ${sha256} |`
  )
  return [
    '# Prompts from Anchorage',
    '',
    `Format: ${form.format}. What a run transferred has its manifest beside it: sources, anchors, search and seeds.`,
    '',
    '| prompt | model | vectors | template | SHA-256 of shape and values |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
    ''
  ].join('\n')
}

/** Packs an export and a page that says what it holds into the archive at `path`, whole or not at all. */
export async function bundleExport(
  context: ExportContext,
  prompts: readonly StoredPrompt[],
  form: ExportForm,
  path: string,
  signal: AbortSignal
): Promise<Exported> {
  return await inTemporaryFolder(async (folder) => {
    await writeFile(join(folder, 'README.md'), bundlePage(prompts, form))
    const exported = await writeInto(folder, context, prompts, form, signal)
    const archive = new ZipFile()
    for (const file of exported.files) archive.addFile(join(folder, file.path), file.path)
    archive.end()
    await writeWhole(path, (temporary) =>
      pipeline(archive.outputStream, createWriteStream(temporary, { flags: 'wx' }), { signal })
    )
    return exported
  })
}
