/** The log of the application: it goes on from start to start, for what came before a crash is what is looked for. */
import { mkdirSync, renameSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { type Logger, pino } from 'pino'

/** Bytes beyond which a log is put aside at the next start. */
const largest = 2_000_000

/** Where the log before this one is kept. */
export function earlierLog(file: string): string {
  return file.replace(/\.log$/, '.old.log')
}

/** Opens the log in `file` to be written on; one that has grown large is kept beside it as the one before. */
export function openLog(file: string): Logger {
  mkdirSync(dirname(file), { recursive: true })
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0
  if (size > largest) renameSync(file, earlierLog(file))
  return pino({ level: 'info' }, pino.destination({ dest: file, append: true, sync: true }))
}
