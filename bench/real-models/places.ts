/** Where the real models and the facts lie on this machine. */
import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'

export type Places = { readonly source: string; readonly target: string; readonly data: string }

/** The model of this name below `folder`: as a folder of `transformers`, or as the file it comes in. */
async function findModel(folder: string, name: string, file: RegExp): Promise<string | undefined> {
  const whole = join(folder, name)
  if (existsSync(whole)) return whole
  const packages = join(folder, 'packages')
  if (!existsSync(packages)) return undefined
  const found = (await readdir(packages, { recursive: true })).find((path) => file.test(path))
  return found === undefined ? undefined : join(packages, found)
}

/** The places, or why nothing can be measured. */
export async function findPlaces(): Promise<Places | string> {
  const folder = process.env['ANCHORAGE_REAL_WEIGHTS']
  if (folder === undefined)
    return 'skipped: ANCHORAGE_REAL_WEIGHTS names no folder with SmolLM2-135M and Gemma 3 270M'
  const source = await findModel(folder, 'smollm2-135m', /SmolLM2-135M[^/]*\.gguf$/)
  const target = await findModel(folder, 'gemma3-270m', /gemma-3-270m[^/]*\.gguf$/)
  if (source === undefined || target === undefined)
    return `skipped: ${folder} holds no ${source === undefined ? 'smollm2-135m' : 'gemma3-270m'}`
  const shared = process.env['ANCHORAGE_SHARED'] ?? resolve(import.meta.dirname, '../../../shared')
  const data = join(shared, 'data')
  return existsSync(data) ? { source, target, data } : `skipped: ${data} is not there (ANCHORAGE_SHARED)`
}
