/**
 * `npm run sample:study [-- --models DIR --tasks DIR --prompts DIR --out FILE --target NAME ...]`: measures the sample as the paper
 * measures its models, and writes the figures as JSON. Tuned prompts are kept, so that a second run only carries and asks.
 */
import { readFile, writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { mean } from 'simple-statistics'
import type { Anchor } from '#engine/common/contract/anchors.ts'
import type { Contestant } from '#engine/common/contract/evaluation.ts'
import type { Matrix } from '#engine/common/contract/matrix.ts'
import { buildAnchorSet } from '#engine/models/anchors/build-anchor-set.ts'
import { openModel } from '#engine/models/open-model.ts'
import { carry } from './carry.ts'
import { accuracyOf, measureRelation, type Tally } from './measure.ts'
import { listRelations, modelFolder, type SampleFolders } from './sample-folders.ts'
import { type StudyCase, studyCases } from './study-cases.ts'
import { study, studyModels } from './study-plan.ts'
import { type StudyResult, studyFileSchema } from './study-results.ts'
import { tunedPrompt } from './tuned-prompts.ts'

function print(line: string): void {
  process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${line}\n`)
}

const { values } = parseArgs({
  options: {
    models: { type: 'string', default: 'assets/sample/models' },
    tasks: { type: 'string', default: 'assets/sample/tasks' },
    prompts: { type: 'string', default: 'sample-output/study-prompts' },
    out: { type: 'string', default: 'assets/sample/study.json' },
    /** Only these targets; the figures of others in the file are kept. */
    target: { type: 'string', multiple: true, default: [...studyModels] }
  }
})
const out = resolve(values.out)
const folders: SampleFolders = {
  models: resolve(values.models),
  tasks: resolve(values.tasks),
  prompts: resolve(values.prompts)
}

/** The words that all models share; models that lower-case take part by the lower-cased word. */
async function sharedAnchors(): Promise<Anchor[]> {
  const models = []
  for (const name of studyModels) {
    const { report, vocabulary, tokenizer } = await openModel({ folder: modelFolder(folders, name) })
    models.push({ name: report.name, vocabulary, tokenizer })
  }
  const recipe = {
    rule: 'single-token' as const,
    casePolicy: 'fold' as const,
    filters: { wholeWords: true, lettersOnly: true, minimumLength: 1, wordList: null },
    cap: null,
    order: { by: 'rank' as const, model: 0 }
  }
  return (await buildAnchorSet({ name: 'sample', models, recipe }, {})).anchors
}

const asPrompt = (name: string, vectors: Matrix): Contestant => ({
  kind: 'prompt',
  name,
  vectors,
  template: null
})

const anchors = await sharedAnchors()
print(`${anchors.length} anchors`)
const relations = await listRelations(folders)

type Matchings = Map<string, number[]>

/** Carries the prompts of a case and gives the contestant; its matching per source is noted. */
async function carriedContestant(
  { sources, variant, settings, promptLength }: StudyCase,
  target: string,
  relation: string,
  seed: number,
  matchings: Matchings
): Promise<Contestant> {
  const prompts = []
  for (const model of sources) {
    prompts.push({ model, prompt: await tunedPrompt(folders, model, relation, promptLength, seed) })
  }
  const { prompt, report } = await carry(folders, prompts, target, settings)
  const name = `${sources.join(' + ')} | ${variant}`
  matchings.set(name, [...(matchings.get(name) ?? []), report.meanMatching / sources.length])
  return asPrompt(name, prompt)
}

/** Everything that is measured on one target. */
async function measureTarget(target: string): Promise<{ tally: Tally; matchings: Matchings }> {
  const tally: Tally = new Map()
  const matchings: Matchings = new Map()
  for (const [index, relation] of relations.entries()) {
    for (const seed of study.seeds) {
      const contestants: Contestant[] = [
        { kind: 'random', name: 'random', vectors: study.promptLength, seed, template: null },
        { kind: 'manual', name: 'manual', template: null },
        asPrompt('direct tuning', await tunedPrompt(folders, target, relation, study.promptLength, seed))
      ]
      for (const one of studyCases(anchors, index, seed)) {
        contestants.push(await carriedContestant(one, target, relation, seed, matchings))
      }
      await measureRelation(folders, target, relation, contestants, tally)
    }
    print(`${target}: ${relation}`)
  }
  return { tally, matchings }
}

/** The figures of the file so far, without those of a target that is measured anew. */
async function otherResults(target: string): Promise<StudyResult[]> {
  const text = await readFile(out, 'utf8').catch(() => null)
  if (text === null) return []
  const file = studyFileSchema.parse(JSON.parse(text))
  return file.results.filter((result) => result.target !== target)
}

for (const target of values.target) {
  const { tally, matchings } = await measureTarget(target)
  const results = [...tally].map(([method, measured]): StudyResult => {
    const matching = matchings.get(method)
    return {
      target,
      method,
      ...accuracyOf(measured),
      matching: matching === undefined ? null : mean(matching)
    }
  })
  const file = { anchors: anchors.length, results: [...(await otherResults(target)), ...results] }
  await writeFile(out, `${JSON.stringify(file, null, 1)}\n`)
  print(`${target}: written to ${out}`)
}
