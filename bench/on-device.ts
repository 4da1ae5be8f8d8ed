/**
 * A process of its own that computes search, suite, evaluation and tuning on the CPU and on another device, and prints how far
 * their numbers are apart and how long each took: what `bench/devices.ts` compares. A driver may take its process down.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { type Provider, providers } from '#engine/common/contract/devices.ts'
import { evaluationRequestSchema } from '#engine/common/contract/evaluation.ts'
import type { Matrix } from '#engine/common/contract/matrix.ts'
import type { TaskSource } from '#engine/common/contract/tasks.ts'
import { tuningRequestSchema } from '#engine/common/contract/tuning.ts'
import { runEvaluation } from '#engine/evaluation/run-evaluation.ts'
import { prepareSource } from '#engine/transfer/relative-code.ts'
import { prepareTarget } from '#engine/transfer/target-space.ts'
import { transfer } from '#engine/transfer/transfer.ts'
import { transferSuite } from '#engine/transfer/transfer-suite.ts'
import { runTuning } from '#engine/tuning/run-tuning.ts'
import { makeExamples, writeBertFolder } from './bert-folder.ts'
import type { OnDevice } from './devices.ts'
import { timed } from './figures.ts'
import { paperSize, syntheticPrompt, syntheticTables, syntheticTargetTable } from './synthetic-world.ts'

type Work = {
  readonly what: string
  /** How far a number may be from the CPU's, of the largest; of losses in nats. */
  readonly tolerance: number
  readonly run: (device: Provider) => Promise<ArrayLike<number>>
}

const sizes = {
  small: { anchors: 1024, source: 96, target: 128, kept: 512, relations: 4, examples: 32, rounds: 1 },
  paper: { ...paperSize, relations: 41, examples: 256, rounds: 3 }
} as const
type Size = (typeof sizes)[keyof typeof sizes]

const context = { signal: new AbortController().signal, progress: () => {} }

async function searches({ anchors, source, target, kept, relations }: Size): Promise<Work[]> {
  const [theirs, own] = await syntheticTables(anchors, [source, target])
  const table = syntheticTargetTable(own)
  const prompts = Array.from({ length: relations }, (_, relation) =>
    syntheticPrompt(theirs, paperSize.vectors, relation)
  )
  const sides = (device: Provider) => ({
    space: prepareSource(theirs, 'source', device),
    target: { space: prepareTarget(own, 'target', device), table }
  })
  const numbersOf = (results: readonly { prompt: Matrix }[]): number[] =>
    results.flatMap(({ prompt }) => [...prompt.data])
  return [
    {
      what: 'search',
      tolerance: 1e-4,
      run: async (device) => {
        const { space, target } = sides(device)
        return (
          await transfer({
            sources: [{ space, prompt: prompts[0], weight: 1 }],
            target,
            mask: { kind: 'top-k', k: kept, from: 'sum' },
            search: { kind: 'exact', ridge: 0.1 },
            rescale: 'after'
          })
        ).prompt.data
      }
    },
    {
      what: `suite of ${relations}`,
      tolerance: 1e-4,
      run: async (device) => {
        const { space, target } = sides(device)
        const mask = { kind: 'common-top-k', k: kept } as const
        return numbersOf(
          await transferSuite({
            sources: [{ space, prompts, weight: 1 }],
            target,
            mask,
            ridge: 0.1,
            rescale: 'after'
          })
        )
      }
    }
  ]
}

/** The sample's small model and one of its relations, or a model of BERT-base's size and made-up facts. */
async function languageTask(size: Size, folder: string): Promise<{ model: string; task: TaskSource }> {
  const sample = resolve(import.meta.dirname, '../assets/sample')
  if (size !== sizes.paper)
    return {
      model: join(sample, 'models/bert-small'),
      task: {
        kind: 'relation',
        folder: join(sample, 'tasks/relations/capital'),
        commonVocabulary: join(sample, 'tasks/common_vocabulary.txt')
      }
    }
  const relation = join(folder, 'relation')
  await mkdir(relation)
  const facts = makeExamples(size.examples, 17_000).map(({ id, input, label }) =>
    JSON.stringify({ predicate_id: 'relation', sub_label: input, obj_label: label, uuid: id })
  )
  for (const split of ['train', 'dev', 'test'])
    await writeFile(join(relation, `${split}.jsonl`), facts.join('\n'))
  await writeBertFolder(folder)
  return { model: folder, task: { kind: 'relation', folder: relation, commonVocabulary: null } }
}

async function languageWorks(size: Size, folder: string): Promise<Work[]> {
  const { model, task } = await languageTask(size, folder)
  const { examples } = size
  return [
    {
      what: 'evaluation, the loss of every answer',
      tolerance: 1e-3,
      run: async (device) => {
        const request = evaluationRequestSchema.parse({
          model: { folder: model },
          task,
          conditions: [
            { kind: 'random', name: 'random', vectors: paperSize.vectors, seed: 1, template: null }
          ],
          rankWithin: 'vocabulary',
          limit: examples
        })
        const { conditions } = await runEvaluation(request, device, context)
        return conditions[0].predictions.map(({ loss }) => loss)
      }
    },
    {
      what: 'tuning, the loss of every step',
      tolerance: 1e-3,
      run: async (device) => {
        const request = tuningRequestSchema.parse({
          model: { folder: model },
          task,
          start: { kind: 'random', vectors: paperSize.vectors },
          settings: { epochs: 2, validationsPerEpoch: 1 },
          labels: examples,
          seed: 1
        })
        return (await runTuning(request, device, context)).loss
      }
    }
  ]
}

/** The largest difference, of the largest number of the CPU where that is more than 1; NaN where the numbers are not as many. */
function difference(found: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (found.length !== expected.length) return Number.NaN
  let [most, largest] = [0, 0]
  for (let at = 0; at < expected.length; at++) {
    const apart = Math.abs(found[at] - expected[at])
    most = Number.isNaN(apart) ? Number.NaN : Math.max(most, apart)
    largest = Math.max(largest, Math.abs(expected[at]))
  }
  return most / largest
}

async function compare({ what, tolerance, run }: Work, device: Provider, rounds: number): Promise<OnDevice> {
  // The first run of each opens sessions and compiles kernels.
  const apart = difference(await run(device), await run('cpu'))
  const shortest = { [device]: Number.POSITIVE_INFINITY, cpu: Number.POSITIVE_INFINITY }
  for (let round = 0; round < rounds; round++)
    for (const one of [device, 'cpu'] as const)
      shortest[one] = Math.min(shortest[one] ?? 0, (await timed(() => run(one))).seconds)
  return { what, tolerance, difference: apart, seconds: shortest[device], cpuSeconds: shortest.cpu }
}

const device = providers.find((name) => name === process.argv[2])
const size = process.argv[3] === 'paper' ? sizes.paper : sizes.small
if (device === undefined) throw new Error(`expected one of ${providers.join(', ')}`)
const folder = await mkdtemp(join(tmpdir(), 'anchorage-bench-'))
try {
  const compared: OnDevice[] = []
  for (const work of [...(await searches(size)), ...(await languageWorks(size, folder))])
    compared.push(await compare(work, device, size.rounds))
  process.stdout.write(`${JSON.stringify(compared)}\n`)
} finally {
  await rm(folder, { recursive: true, force: true })
}
// What a driver left open keeps nobody waiting.
process.exit(0)
