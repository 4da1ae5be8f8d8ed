/** A small experiment on the sample's models, as the text of its file; what a test asks for is put in its place. */
import { writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { checkExperiment } from '#main/experiments/spec/check-experiment.ts'
import type { ExperimentFile } from '#main/experiments/spec/experiment-file.ts'
import { temporaryFolder } from './temporary-folder.ts'

export const sampleFolder = resolve(import.meta.dirname, '../../assets/sample')

/** Two sources with shipped prompts, one target whose prompts are tuned for one epoch, two relations. */
const smallExperimentText = `name: small
models:
  bert-small: ${sampleFolder}/models/bert-small
  roberta-small: ${sampleFolder}/models/roberta-small
  bert-large: ${sampleFolder}/models/bert-large
sources: [bert-small, roberta-small]
targets: [bert-large]
tasks:
  facts:
    kind: relations
    folder: ${sampleFolder}/tasks/relations
    commonVocabulary: ${sampleFolder}/tasks/common_vocabulary.txt
    only: [capital, currency]
prompts:
  tuned:
    - { model: bert-small, folder: ${sampleFolder}/prompts/bert-small, length: 5, seed: 1 }
    - { model: roberta-small, folder: ${sampleFolder}/prompts/roberta-small, length: 5, seed: 1 }
  tuning: { epochs: 1 }
anchors: { casePolicy: fold, filters: { lettersOnly: true } }
settings: { anchors: 512 }
device: cpu
methods:
  exact: { kind: exact }
  search: { kind: adam, steps: 60, selection: validation, snapshotEvery: 20 }
  random: { kind: random }
  manual: { kind: manual }
  direct-tuning: { kind: direct-tuning }
  least-squares: { kind: least-squares }
sections:
  - name: references
    methods: [random, manual, direct-tuning]
  - name: sets
    methods: [exact]
    sources: subsets
  - name: others
    methods: [least-squares, search]
    sources: [bert-small]
`

type Change = readonly [from: string, to: string]

/** The text with changes made; each must find its place. */
export function smallExperiment(...changes: readonly Change[]): string {
  return changes.reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`the small experiment has no ${from}`)
    return text.replace(from, () => to)
  }, smallExperimentText)
}

/** The same as an experiment. */
export function smallExperimentFile(...changes: readonly Change[]): ExperimentFile {
  const checked = checkExperiment(smallExperiment(...changes))
  if ('experiment' in checked) return checked.experiment
  throw new Error(JSON.stringify(checked.mistakes))
}

/** Writes it as a file of its own folder; its path. */
export async function writeSmallExperiment(...changes: readonly Change[]): Promise<string> {
  const path = join(await temporaryFolder(), 'small.yaml')
  await writeFile(path, smallExperiment(...changes))
  return path
}
