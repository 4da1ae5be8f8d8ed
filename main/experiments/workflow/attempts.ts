/**
 * What the jobs of a workflow leave of their attempts at a group: a line when one begins and a line when it ends, beside
 * the log of its program. An attempt without an end is at work, or was ended from outside; then the scheduler's log may
 * say why.
 */
import { randomUUID } from 'node:crypto'
import { appendFile, mkdir, readdir } from 'node:fs/promises'
import { hostname } from 'node:os'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { type ErrorData, errorDataSchema, errorToData, isMissing } from '#engine/common/contract/errors.ts'
import { readSmallFile } from '#engine/common/files/open-regular-file.ts'
import { printable } from '#engine/common/format/printable.ts'
import { inFolder } from './experiment-folder.ts'

const lineSchema = z.discriminatedUnion('event', [
  z.object({ event: z.literal('started'), attempt: z.string(), at: z.number(), node: z.string() }),
  z.object({ event: z.literal('finished'), attempt: z.string(), at: z.number() }),
  z.object({ event: z.literal('failed'), attempt: z.string(), at: z.number(), error: errorDataSchema })
])
type Line = z.infer<typeof lineSchema>

/** One attempt at a group, in milliseconds since 1970. */
export type Attempt = {
  readonly node: string
  readonly startedAt: number
  /** Null: it is at work, or was ended from outside. */
  readonly end:
    | { readonly kind: 'finished'; readonly at: number }
    | { readonly kind: 'failed'; readonly at: number; readonly error: ErrorData }
    | null
}

/** Bytes of the notes of one group, and of one log of the scheduler; a longer one is not read. */
const largestLog = 2 ** 20

/** What the scheduler calls the machine: on a simulated cluster several nodes have one name of a host. */
function nodeName(): string {
  return process.env['SLURMD_NODENAME'] ?? hostname()
}

/** Runs the work of a group and notes the attempt. @param folder of the workflow */
export async function noteAttempt<T>(folder: string, group: string, work: () => Promise<T>): Promise<T> {
  const path = join(folder, inFolder.attempts(group))
  const attempt = randomUUID()
  await mkdir(dirname(path), { recursive: true })
  const note = (line: Line) => appendFile(path, `${JSON.stringify(line)}\n`)
  await note({ event: 'started', attempt, at: Date.now(), node: nodeName() })
  try {
    const result = await work()
    await note({ event: 'finished', attempt, at: Date.now() })
    return result
  } catch (thrown) {
    const { stack: _, ...error } = errorToData(thrown)
    await note({ event: 'failed', attempt, at: Date.now(), error })
    throw thrown
  }
}

async function textOf(path: string): Promise<string> {
  try {
    return (await readSmallFile(path, largestLog)).toString('utf8')
  } catch {
    // Notes and logs explain; what can't be read of them explains nothing.
    return ''
  }
}

/** The line of a note; undefined where a job was killed while it wrote. */
function parseLine(text: string): Line | undefined {
  try {
    return lineSchema.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}

/** The attempts at a group, in the order in which they began. */
export async function readAttempts(folder: string, group: string): Promise<Attempt[]> {
  const attempts = new Map<string, Attempt>()
  for (const text of (await textOf(join(folder, inFolder.attempts(group)))).split('\n')) {
    const line = parseLine(text)
    if (line === undefined) continue
    const { event, attempt, at } = line
    const begun = attempts.get(attempt)
    if (event === 'started') attempts.set(attempt, { node: line.node, startedAt: at, end: null })
    else if (begun !== undefined) {
      const end = event === 'finished' ? { kind: event, at } : { kind: event, at, error: line.error }
      attempts.set(attempt, { ...begun, end })
    }
  }
  return [...attempts.values()]
}

/**
 * What Slurm says of the end of a group's newest job: the log that Snakemake's plugin keeps of a job that failed. Empty
 * where there is none.
 */
export async function schedulerWords(folder: string, group: string): Promise<string> {
  const logs = join(folder, inFolder.slurmLogs(group))
  const files = await readdir(logs).catch((cause: unknown) => {
    if (isMissing(cause)) return []
    throw cause
  })
  const numbers = files.map((file) => Number.parseInt(file, 10)).filter(Number.isInteger)
  if (numbers.length === 0) return ''
  const text = await textOf(join(logs, `${Math.max(...numbers)}.log`))
  const lines = text.split('\n').filter((line) => line.startsWith('slurmstepd'))
  return printable([...new Set(lines)].slice(0, 2).join('; '))
}
