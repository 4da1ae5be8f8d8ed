/**
 * What experiments of 41 relations would take on 10, 100 and 1,000 nodes, by the planner's own cost model at rates that are
 * measured first, on a model of BERT-base's size: jobs, the longest of them, bytes that move, time. A node is what the rates
 * are measured on. `--write` puts the table in docs/scale.md too.
 */
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promptTemplate } from '#engine/common/contract/evaluation.ts'
import { durationText } from '#engine/common/format/duration.ts'
import { openSession } from '#engine/devices/session.ts'
import { evaluate } from '#engine/evaluation/evaluate.ts'
import { parseTemplate } from '#engine/evaluation/template.ts'
import { buildVerbaliser } from '#engine/evaluation/verbaliser.ts'
import { leaseLanguageModel } from '#engine/language-model/lease-language-model.ts'
import { openModel } from '#engine/models/open-model.ts'
import { randomVectors } from '#engine/models/random-vectors.ts'
import { differentiateByPrompt } from '#engine/onnx/gradients/prompt-gradient.ts'
import { encodeModel } from '#engine/onnx/model-proto.ts'
import { readPromptedModel } from '#engine/onnx/prompted-model.ts'
import { solveMixingBasis } from '#engine/transfer/mixing-basis.ts'
import { prepareSource } from '#engine/transfer/relative-code.ts'
import { prepareTarget } from '#engine/transfer/target-space.ts'
import { secondsOf, type Work, workOf } from '#main/experiments/execute/group-work.ts'
import { splitGroups } from '#main/experiments/execute/split-groups.ts'
import type { WorkGroup } from '#main/experiments/plan/experiment-plan.ts'
import { makeExamples, word, writeBertFolder } from './bert-folder.ts'
import type { Page } from './figures.ts'
import { withBlock } from './page-block.ts'
import { allSets, eachToEach, examples } from './planned-cluster.ts'
import { simulateCluster } from './simulate-cluster.ts'
import { paperSize, syntheticPrompt, syntheticTables, syntheticTargetTable } from './synthetic-world.ts'
import { batchRows, feedsOf, runner } from './tuning-step.ts'

const [asked, rounds, candidateWords] = [64, 3, 17_000]
/** To begin and end a job: Snakemake, started twice, and what `npm run slurm` shows beside computing. */
const jobSeconds = 10
/** A large model has 3.5 times the parameters of a base one. */
const sizes = { base: 1, large: 3.5 } as const
const nodeCounts = [1, 10, 100, 1000]

type Rates = { readonly times: readonly (Work & { seconds: number })[]; readonly modelBytes: number }

/** Processor seconds of work, over the cores that share it: what it takes where nothing else is at work, busy as a machine may be. */
async function unhindered(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1e6 / availableParallelism()
}

async function shortest(work: () => Promise<unknown>): Promise<number> {
  let least = Number.POSITIVE_INFINITY
  for (let round = 0; round < rounds; round++) least = Math.min(least, await unhindered(work))
  return least
}

/** Seconds of an answer, and of a training example seen while tuning, validations three times an epoch included. */
async function languageModelSeconds(folder: string): Promise<{ answer: number; tuned: number }> {
  const lease = await leaseLanguageModel({ folder }, 'cpu')
  const words = Array.from({ length: candidateWords }, (_, index) => word(index))
  const verbaliser = buildVerbaliser(words, lease.value.tokenizer)
  const condition = {
    name: 'prompt',
    template: parseTemplate(promptTemplate(paperSize.vectors)),
    vectors: randomVectors(paperSize.vectors, 1, lease.value)
  }
  const facts = makeExamples(asked, candidateWords)
  const answer = (await shortest(() => evaluate(lease.value, [condition], facts, verbaliser))) / asked
  await lease.release()
  const prompted = await readPromptedModel(join(folder, 'onnx/model.onnx'))
  const { model } = differentiateByPrompt(prompted, { amongCandidates: false })
  const session = await openSession(encodeModel(model), {
    device: 'cpu',
    externalDataFolder: prompted.folder
  })
  const step = await shortest(runner(session, feedsOf(prompted, true)))
  await session.release()
  return { answer, tuned: step / batchRows + 3 * (examples.dev / examples.train) * answer }
}

/** Seconds of the exact search for a source of five vectors on a target not seen before, by vector and anchor. */
async function searchSeconds(): Promise<number> {
  const { anchors, source, target, vectors } = paperSize
  const [own, theirs] = await syntheticTables(anchors, [target, source])
  const table = syntheticTargetTable(own)
  const sources = Array.from({ length: 8 }, (_, index) => ({
    space: prepareSource(theirs, `source ${index}`, 'cpu'),
    prompt: syntheticPrompt(theirs, vectors, index),
    weight: 1
  }))
  const seconds = await shortest(() =>
    solveMixingBasis({
      sources,
      target: { space: prepareTarget(own, 'target', 'cpu'), table },
      mask: { kind: 'all' },
      ridge: 0.1,
      rescale: 'after'
    })
  )
  return seconds / (sources.length * vectors * anchors)
}

async function measureRates(): Promise<Rates & { lines: string[] }> {
  const folder = await mkdtemp(join(tmpdir(), 'anchorage-bench-'))
  try {
    await writeBertFolder(folder)
    // The first time, as in every job.
    const opening = await unhindered(() => openModel({ folder }))
    const { answer, tuned } = await languageModelSeconds(folder)
    const search = await searchSeconds()
    const rate = (kind: string, seconds: number) => ({ model: 'measured', kind, work: 1, seconds })
    return {
      times: [
        rate('evaluation', answer),
        rate('tuning', tuned),
        rate('exact', search),
        rate('random', 0),
        rate('manual', 0),
        rate('overhead', opening)
      ],
      modelBytes: (await stat(join(folder, 'onnx/model.onnx'))).size,
      lines: [
        `an answer ${(answer * 1000).toFixed(1)} ms, a training example ${(tuned * 1000).toFixed(1)} ms, five vectors of a source on a new target ${(search * paperSize.anchors * paperSize.vectors * 1000).toFixed(0)} ms, a cell's models opened and checked ${(opening * 1000).toFixed(0)} ms`
      ]
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const gigabytes = (bytes: number): string =>
  bytes < 1e12 ? `${(bytes / 1e9).toFixed(0)} GB` : `${(bytes / 1e12).toFixed(1)} TB`

function modelsOf(group: WorkGroup): string[] {
  return group.kind === 'tuning'
    ? [group.model.name]
    : [group.target.name, ...group.sources.map(({ name }) => name)]
}

type Row = readonly [string, ...string[]]

/** The rows of one experiment: a line for each number of nodes. */
function rowsOf(
  what: string,
  planned: readonly WorkGroup[],
  { times, modelBytes }: Rates,
  scale: number
): Row[] {
  const scaled = times.map((time) =>
    ['evaluation', 'tuning', 'overhead'].includes(time.kind)
      ? { ...time, seconds: time.seconds * scale }
      : time
  )
  const seconds = (group: WorkGroup): number => secondsOf(workOf(group), scaled) ?? Number.NaN
  const groups = splitGroups(planned, seconds)
  const jobs = groups.map((group) => ({
    id: group.id,
    needs: group.kind === 'tuning' ? [] : group.prompts.map(({ id }) => id),
    seconds: seconds(group),
    models: modelsOf(group)
  }))
  const longest = Math.max(...jobs.map((job) => job.seconds))
  return nodeCounts.map((nodes) => {
    const { seconds: end, busy, copies } = simulateCluster(jobs, nodes, jobSeconds)
    return [
      what,
      `${nodes}`,
      `${planned.length}`,
      `${jobs.length}`,
      durationText(longest),
      gigabytes(copies * modelBytes * scale),
      durationText(end),
      `${Math.round(100 * busy)} %`
    ]
  })
}

const head = [
  'experiment',
  'nodes',
  'groups',
  'jobs',
  'longest job',
  'models copied',
  'time',
  'nodes at work'
]

export async function benchPastOneMachine(page: Page): Promise<void> {
  const rates = await measureRates()
  const lines = [
    ...rates.lines,
    `In processor time, over the cores. A node is what these are measured on; it takes ${jobSeconds} s to begin and end a job, and copies each model that it needs once, where nodes share no file system.`
  ]
  for (const line of lines) page.text(line)
  const rows = [
    ...rowsOf('20 models, each to each, base', eachToEach(20), rates, sizes.base),
    ...rowsOf('20 models, each to each, large', eachToEach(20), rates, sizes.large),
    ...rowsOf('255 sets of 8 sources to one target, base', allSets(8), rates, sizes.base),
    ...rowsOf('255 sets of 8 sources to one target, large', allSets(8), rates, sizes.large)
  ]
  page.figures(
    rows.map(([what, nodes, groups, jobs, longest, bytes, time, busy]) => ({
      what: `${what}: ${nodes} ${nodes === '1' ? 'node' : 'nodes'}`,
      figure: `${time}; ${groups} groups in ${jobs} jobs, the longest ${longest}; ${bytes} copied; ${busy} at work`
    }))
  )
  if (!process.argv.includes('--write')) return
  const path = resolve(import.meta.dirname, '../docs/scale.md')
  const table = [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n')
  const block = `Measured: ${rates.lines.join('; ')}.\n\n${table}`
  await writeFile(path, withBlock(await readFile(path, 'utf8'), 'simulation', block))
}
