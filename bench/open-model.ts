/** Opening a model of 500 MB, for the first time and again, against reading the same bytes, each in a process of its own. */
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, open, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { z } from 'zod'
import { seededNormal } from '#engine/common/random/seeded-random.ts'
import { type Page, ratioFigure, timeFigure } from './figures.ts'

const [tokens, width, rounds] = [32_000, 4096, 5]
const bytes = tokens * width * 4
const answerSchema = z.object({ seconds: z.number(), peak: z.number() })

/** A folder with a vocabulary of made-up words and one table as large as it says. */
async function writeModel(folder: string): Promise<void> {
  const special = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]']
  const words = Array.from({ length: tokens }, (_, id) => special[id] ?? `word${id.toString(36)}`)
  await writeFile(join(folder, 'vocab.txt'), `${words.join('\n')}\n`)
  await writeFile(
    join(folder, 'config.json'),
    JSON.stringify({ model_type: 'bert', vocab_size: tokens, hidden_size: width })
  )
  const entry = { dtype: 'F32', shape: [tokens, width], data_offsets: [0, bytes] }
  const text = JSON.stringify({ 'bert.embeddings.word_embeddings.weight': entry })
  const header = Buffer.from(text.padEnd(Math.ceil(text.length / 8) * 8))
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(header.length))
  const rows = new Uint8Array(seededNormal(1, 1000 * width, 0, 0.04).buffer)
  const file = await open(join(folder, 'model.safetensors'), 'w')
  try {
    await file.write(Buffer.concat([length, header]))
    for (let written = 0; written < bytes; written += rows.length) await file.write(rows)
  } finally {
    await file.close()
  }
}

/** @param cache where reports of models are kept */
async function runOnce(
  what: 'open' | 'inspect' | 'read',
  folder: string,
  cache: string
): Promise<z.infer<typeof answerSchema>> {
  const program = resolve(import.meta.dirname, 'open-model-once.ts')
  const run = promisify(execFile)
  const { stdout } = await run(process.execPath, ['--import', 'tsx', program, what, folder, String(bytes)], {
    env: { ...process.env, ANCHORAGE_CACHE: cache }
  })
  return answerSchema.parse(JSON.parse(stdout))
}

export async function benchOpenModel(page: Page): Promise<void> {
  page.text(
    `a table of ${tokens} × ${width} float32 values, ${(bytes / 1e6).toFixed(0)} MB; files in the system's cache`
  )
  const folder = await mkdtemp(join(tmpdir(), 'anchorage-bench-'))
  try {
    const model = join(folder, 'model')
    await mkdir(model)
    await writeModel(model)
    const none = Number.POSITIVE_INFINITY
    const shortest = { read: none, open: none, inspect: none }
    let peak = 0
    for (let round = 0; round < rounds; round++)
      for (const what of ['read', 'open', 'inspect'] as const) {
        const answer = await runOnce(what, model, join(folder, `cache of round ${round}`))
        shortest[what] = Math.min(shortest[what], answer.seconds)
        if (what === 'open') peak = answer.peak
      }
    const { read, open: opened, inspect } = shortest
    page.figures([
      timeFigure('reading the bytes', read),
      timeFigure('opening the model (tokenizer, statistics, fingerprint)', opened),
      {
        what: 'speed of opening, of reading',
        figure: `${((100 * read) / opened).toFixed(0)} %`,
        target: '≥ 60 %',
        held: read / opened >= 0.6
      },
      timeFigure('saying again what the model is, in another process', inspect, 0.05),
      ratioFigure('peak memory over the table', peak / bytes, 1.15)
    ])
  } finally {
    await rm(folder, { recursive: true })
  }
}
