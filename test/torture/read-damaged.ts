/** A process that reads damaged files, one for each message: it may die or hang, and its parent sees that. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { AnchorageError } from '#engine/common/contract/errors.ts'
import { damaged } from './mutations.ts'
import { readers } from './readers.ts'

export const damageSchema = z.object({
  reader: z.string(),
  file: z.string(),
  plan: z.string(),
  seed: z.int()
})
export type Damage = z.infer<typeof damageSchema>

export const readingSchema = z.object({
  /** `read`, the code of an error, or what was thrown in place of one. */
  end: z.string(),
  isOrderly: z.boolean(),
  milliseconds: z.number(),
  /** Memory of the process afterwards. */
  residentBytes: z.number()
})
export type Reading = z.infer<typeof readingSchema>

function describe(error: unknown): Pick<Reading, 'end' | 'isOrderly'> {
  if (error instanceof AnchorageError) return { end: error.code, isOrderly: error.code !== 'internal' }
  const text = error instanceof Error ? `${error.name}: ${error.message}\n${error.stack}` : String(error)
  return { end: text.slice(0, 600), isOrderly: false }
}

async function readOne({ reader: name, file, plan, seed }: Damage): Promise<Reading> {
  const reader = readers[name]
  const folder = await mkdtemp(join(tmpdir(), 'anchorage-torture-'))
  try {
    const path = await reader.place(file, folder)
    await writeFile(path, damaged(await readFile(file), plan, seed))
    const started = performance.now()
    const end = await reader.read(path).then(() => ({ end: 'read', isOrderly: true }), describe)
    return { ...end, milliseconds: performance.now() - started, residentBytes: process.memoryUsage.rss() }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

process.on('message', (message) => {
  readOne(damageSchema.parse(message)).then(
    (reading) => process.send?.(reading),
    (error: unknown) => process.send?.({ ...describe(error), milliseconds: 0, residentBytes: 0 })
  )
})
