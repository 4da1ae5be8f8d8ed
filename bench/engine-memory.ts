/**
 * The memory of the engine's process where every set of eight sources goes to one target: each source solved once for the 255
 * sets, sets checked by their retrieval, and all of them asked in one pass, relation by relation. Against the target's table and model.
 * Of 41 relations some are done, of each some facts are asked, and some sets are checked: what grows would show.
 */
import { mkdir, mkdtemp, open, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pino } from 'pino'
import { engineContract } from '#engine/common/contract/engine-methods.ts'
import { mix } from '#engine/common/mixing/mixing.ts'
import { seededNormal } from '#engine/common/random/seeded-random.ts'
import { createCaller } from '#engine/common/rpc/caller.ts'
import { forkEngine } from '#main/engine-process/fork-engine.ts'
import { subsetsOf } from '#main/experiments/plan/subsets.ts'
import { bertBase } from './bert-base.ts'
import { makeExamples, word, writeBertFolder, writeVocabulary } from './bert-folder.ts'
import { type Page, ratioFigure } from './figures.ts'
import { paperSize } from './synthetic-world.ts'

const [sources, relations, facts, checked] = [8, 2, 2, 4]
const { vocabulary, hidden } = bertBase
const tableBytes = vocabulary * hidden * 4

/** A folder with a vocabulary and a table, which is all that a source is read for. */
async function writeSource(folder: string, seed: number): Promise<void> {
  await mkdir(folder)
  await writeVocabulary(folder, vocabulary)
  const config = { model_type: 'bert', vocab_size: vocabulary, hidden_size: hidden }
  await writeFile(join(folder, 'config.json'), JSON.stringify(config))
  const entry = { dtype: 'F32', shape: [vocabulary, hidden], data_offsets: [0, tableBytes] }
  const text = JSON.stringify({ 'bert.embeddings.word_embeddings.weight': entry })
  const header = Buffer.from(text.padEnd(Math.ceil(text.length / 8) * 8))
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(header.length))
  const file = await open(join(folder, 'model.safetensors'), 'w')
  await file.write(Buffer.concat([length, header]))
  const rows = new Uint8Array(seededNormal(seed, 2000 * hidden, 0, 0.04).buffer)
  for (let left = tableBytes; left > 0; left -= rows.length)
    await file.write(rows.subarray(0, Math.min(left, rows.length)))
  await file.close()
}

async function writeRelation(folder: string, index: number): Promise<string> {
  const relation = join(folder, `relation ${index}`)
  await mkdir(relation)
  const lines = makeExamples(facts, 17_000).map(({ id, input, label }) =>
    JSON.stringify({ predicate_id: 'relation', sub_label: input, obj_label: label, uuid: `${index}-${id}` })
  )
  for (const split of ['train', 'dev', 'test'])
    await writeFile(join(relation, `${split}.jsonl`), lines.join('\n'))
  return relation
}

/** The most memory that a process has held so far, in bytes; null where the system does not say it. */
async function peakBytes(processId: number): Promise<number | null> {
  const status = await readFile(`/proc/${processId}/status`, 'utf8').catch(() => '')
  const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]
  return kilobytes === undefined ? null : Number(kilobytes) * 1024
}

/** Peaks after each relation, in bytes; empty where the system does not say them. */
async function peaks(folder: string): Promise<number[]> {
  const target = { folder: join(folder, 'target') }
  await mkdir(target.folder)
  await writeBertFolder(target.folder)
  const models = Array.from({ length: sources }, (_, index) => ({ folder: join(folder, `source ${index}`) }))
  for (const [index, model] of models.entries()) await writeSource(model.folder, index + 1)
  const engine = forkEngine(resolve(import.meta.dirname, '../out/engine.js'), pino({ level: 'silent' }))
  try {
    const caller = createCaller(engineContract, engine.transport, () => {})
    const anchors = Array.from({ length: paperSize.anchors }, (_, index) => ({
      surface: word(index),
      beginsWord: true
    }))
    const sets = subsetsOf([...models.keys()], 1, sources)
    const common = { target, anchors, mask: { kind: 'all' }, centre: 'none', device: 'cpu' } as const
    const found: number[] = []
    for (let relation = 0; relation < relations; relation++) {
      const prompts = models.map((_, index) => ({
        rows: paperSize.vectors,
        columns: hidden,
        data: seededNormal(100 * relation + index, paperSize.vectors * hidden, 0, 0.04)
      }))
      // As the executor does between the work of one kind and the other.
      await caller.call('memory.release', { keptFor: 'queries' })
      const basis = await caller.call('transfer.mixingBasis', {
        ...common,
        sources: models.map((model, index) => ({ model, prompt: prompts[index], weight: 1 })),
        ridge: 0.1,
        rescale: 'after'
      })
      const method = { by: 'transfer', search: { kind: 'exact', ridge: 0.1 } } as const
      for (const set of sets.slice(-checked))
        await caller.call('transfer.retrieval', {
          ...common,
          method,
          rescale: 'after',
          sources: set.map((index) => ({ model: models[index], weight: 1 }))
        })
      await caller.call('memory.release', { keptFor: 'transfers' })
      await caller.call('evaluation.run', {
        model: target,
        task: { kind: 'relation', folder: await writeRelation(folder, relation), commonVocabulary: null },
        split: 'test',
        rankWithin: 'vocabulary',
        device: 'cpu',
        conditions: sets.map((set) => ({
          kind: 'prompt',
          name: set.join(' '),
          template: null,
          vectors: mix(
            basis,
            models.map((_, index) => (set.includes(index) ? 1 : 0))
          ).prompt
        }))
      })
      const peak = await peakBytes(engine.processId ?? 0)
      if (peak !== null) found.push(peak)
    }
    return found
  } finally {
    engine.kill()
    await engine.ended
  }
}

const megabytes = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`

export async function benchEngineMemory(page: Page): Promise<void> {
  page.text(
    `${2 ** sources - 1} sets of ${sources} sources to one target of BERT-base's size, ${paperSize.anchors.toLocaleString('en')} anchors; ${relations} of 41 relations, ${facts} facts of each asked, ${checked} of the sets checked`
  )
  const folder = await mkdtemp(join(tmpdir(), 'anchorage-bench-'))
  try {
    const found = await peaks(folder)
    const model = (await stat(join(folder, 'target', 'onnx/model.onnx'))).size
    const last = found.at(-1)
    if (last === undefined) {
      page.text('not measured: this system does not say how much memory a process held')
      return
    }
    page.figures([
      { what: 'table and model of the target', figure: megabytes(tableBytes + model) },
      ...found.map((peak, index) => ({
        what: `the engine at most, after ${index + 1} ${index === 0 ? 'relation' : 'relations'}`,
        figure: megabytes(peak)
      })),
      ratioFigure('the engine : table and model', last / (tableBytes + model), 1.5)
    ])
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
