/**
 * `npm run real-weights`: a true language model (SmolLM2-135M) in Anchorage and in PyTorch, in one run: the same answers,
 * losses and gradients from its safetensors and from its .gguf; a prompt tuned here, loaded by PEFT, with the same losses;
 * and the time of opening, querying and tuning beside PyTorch's.
 *
 * `ANCHORAGE_REAL_WEIGHTS` names the folder with `smollm2-135m` and the `packages` that it was made from, `ANCHORAGE_PYTHON` a
 * Python with torch, transformers, peft and safetensors (else `python3`). Ends with 1 where a figure is over its bound.
 */
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { copyFile, cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import type { ModelCheck } from '#engine/common/contract/verify.ts'
import { openModel } from '#engine/models/open-model.ts'
import { anchorage } from '#test/support/command-line.ts'
import { sharedDataPath } from '#test/support/shared-data.ts'
import { type TimedBatch, type Times, timeEngine } from './time-engine.ts'

const python = process.env['ANCHORAGE_PYTHON'] ?? 'python3'
const script = resolve(import.meta.dirname, 'in_pytorch.py')
const relation = sharedDataPath('trex/P36')
const [vectors, facts, rounds, turns] = [5, 64, 3, 2]
/** With its space: it stands behind a vector. */
const sentence = ' The capital of [X] is'
const template = `${Array.from({ length: vectors }, (_, index) => `[V${index + 1}]`).join(' ')}${sentence} [MASK]`
/** Of a loss in nats: two float32 implementations of 30 layers. */
const lossBound = 1e-4

const print = (line: string): boolean => process.stdout.write(`${line}\n`)

async function inPython(...values: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(python, [script, ...values], { maxBuffer: 1e9 })
  return stdout
}

/** What `anchorage` prints as JSON. */
async function asked<Answer>(...values: string[]): Promise<Answer> {
  const { out, err } = await anchorage(['--json', ...values])
  if (out === '') throw new Error(err)
  return JSON.parse(out)
}

/** Why nothing can be measured here; null where it can. */
async function whySkipped(weights: string | undefined): Promise<string | null> {
  if (weights === undefined) return 'ANCHORAGE_REAL_WEIGHTS names no folder'
  if (!existsSync(join(weights, 'smollm2-135m'))) return `${weights} has no smollm2-135m`
  if (!existsSync(relation)) return `${relation} is not there`
  try {
    await promisify(execFile)(python, ['-c', 'import torch, transformers, peft, safetensors'])
  } catch {
    return `${python} has not torch, transformers, peft and safetensors (ANCHORAGE_PYTHON names another)`
  }
  return null
}

async function findGguf(weights: string): Promise<string> {
  const files = await readdir(join(weights, 'packages'), { recursive: true })
  const found = files.find((file) => /smollm2.*\.gguf$/i.test(file))
  if (found === undefined) throw new Error(`no .gguf of SmolLM2 in ${join(weights, 'packages')}`)
  return join(weights, 'packages', found)
}

/** Copies of folder and .gguf, each with PyTorch's numbers beside it, checked by `anchorage verify`. */
async function compareNumbers(folder: string, gguf: string, scratch: string): Promise<boolean> {
  const numbers = join(scratch, 'reference.safetensors')
  await inPython('numbers', folder, numbers)
  const models = join(scratch, 'models')
  await cp(folder, join(models, 'safetensors'), { recursive: true })
  await mkdir(join(models, 'gguf'))
  await copyFile(gguf, join(models, 'gguf', basename(gguf)))
  for (const name of ['safetensors', 'gguf']) {
    await copyFile(numbers, join(models, name, 'reference.safetensors'))
  }
  const report = await asked<{ models: (ModelCheck & { folder: string })[] }>('verify', models)
  for (const { folder: model, verdict, parts } of report.models) {
    const found = parts.flatMap(({ comparisons, error }) => [
      ...comparisons.map(({ what, largestDifference }) => `${what} ${largestDifference?.toExponential(1)}`),
      ...(error === null ? [] : [error.message])
    ])
    print(`  ${basename(model)}: ${verdict}; largest differences: ${found.join(', ')}`)
  }
  await rm(models, { recursive: true })
  return report.models.length === 2 && report.models.every(({ verdict }) => verdict === 'right')
}

type Evaluated = {
  readonly results: readonly {
    readonly conditions: readonly {
      readonly scores: { readonly examples: number; readonly accuracy: number }
      readonly predictions: readonly {
        readonly input: string
        readonly label: string
        readonly loss: number
      }[]
    }[]
  }[]
}

/** A prompt tuned on the model, asked about facts here and in PEFT. */
async function comparePeft(folder: string, scratch: string): Promise<boolean> {
  const adapter = join(scratch, 'adapter')
  const about = ['--relation', relation, '--template', template]
  const epochs = ['--epochs', '1', '--validations-per-epoch', '1']
  await asked('tune', folder, ...about, ...epochs, '--out', adapter, '--format', 'peft')
  const ask = ['--prompt', adapter, '--limit', String(facts)]
  const { results } = await asked<Evaluated>('evaluate', folder, ...about, ...ask)
  const [{ scores, predictions }] = results[0].conditions
  const file = join(scratch, 'facts.json')
  const texts = predictions.map(({ input, label }) => ({ text: sentence.replace('[X]', input), label }))
  await writeFile(file, JSON.stringify(texts))
  const losses: readonly (number | null)[] = JSON.parse(await inPython('peft', folder, adapter, file))
  const differences = predictions.map(({ loss }, index) => Math.abs(loss - (losses[index] ?? Number.NaN)))
  const largest = Math.max(...differences)
  print(
    `  ${scores.examples} facts, accuracy ${(100 * scores.accuracy).toFixed(1)} %: losses within ${largest.toExponential(1)} of PEFT's`
  )
  return scores.examples > 0 && largest < lossBound
}

/** The least of every figure over the turns. */
function least(turns: readonly Times[]): Times {
  const of = (name: keyof Times): number => Math.min(...turns.map((times) => times[name]))
  return { opening: of('opening'), query: of('query'), step: of('step') }
}

/** Both in turns, so that what else the machine does strikes both alike. */
async function compareTimes(folder: string, gguf: string, scratch: string): Promise<void> {
  const { tokenizer } = await openModel({ folder })
  const lines = (await readFile(join(relation, 'train.jsonl'), 'utf8')).split('\n').slice(0, 16)
  const prompt = Array.from({ length: vectors }, (_, row) => -1 - row)
  const batch: TimedBatch = {
    ids: lines.map((line) => [
      ...prompt,
      ...tokenizer.encodeWithSpecials(sentence.replace('[X]', JSON.parse(line).sub))
    ]),
    labels: lines.map((_, index) => index + 1000),
    vectors
  }
  const file = join(scratch, 'batch.json')
  await writeFile(file, JSON.stringify(batch))
  const ours: Times[] = []
  const ofGguf: Times[] = []
  const pytorch: Times[] = []
  for (let turn = 0; turn < turns; turn++) {
    ours.push(await timeEngine(folder, batch, rounds))
    pytorch.push(JSON.parse(await inPython('times', folder, file, String(rounds))))
    ofGguf.push(await timeEngine(gguf, batch, rounds))
  }
  const [from, quantised, theirs] = [ours, ofGguf, pytorch].map(least)
  const length = Math.max(...batch.ids.map(({ length }) => length))
  print(
    `  a batch of ${batch.ids.length} rows of up to ${length} tokens, ${vectors} of them vectors; seconds, and ours : PyTorch's`
  )
  for (const [name, what] of [
    ['opening', 'opening for queries'],
    ['query', 'query'],
    ['step', 'tuning step']
  ] as const) {
    print(
      `  ${what}: ${from[name].toFixed(2)} (.gguf ${quantised[name].toFixed(2)}), PyTorch ${theirs[name].toFixed(2)}: ${(from[name] / theirs[name]).toFixed(2)}`
    )
  }
}

const weights = process.env['ANCHORAGE_REAL_WEIGHTS']
const reason = await whySkipped(weights)
if (weights === undefined || reason !== null) {
  print(`skipped: ${reason}`)
} else {
  const scratch = await mkdtemp(join(tmpdir(), 'anchorage-real-weights-'))
  try {
    const folder = join(weights, 'smollm2-135m')
    const gguf = await findGguf(weights)
    print(
      'Answers, loss and gradient of three sentences with a prompt of four vectors inside, beside PyTorch'
    )
    const numbersAgree = await compareNumbers(folder, gguf, scratch)
    print('A prompt tuned for an epoch on P36, exported, loaded by PEFT')
    const lossesAgree = await comparePeft(folder, scratch)
    print('Time')
    await compareTimes(folder, gguf, scratch)
    if (!numbersAgree || !lossesAgree) process.exitCode = 1
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}
