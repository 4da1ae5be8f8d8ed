/** The experiment that the cluster runs, as the text of its file: the sample's models, prompts that are tuned, four relations. */
import { resolve } from 'node:path'

const sample = resolve(import.meta.dirname, '../../assets/sample')

export const sampleExperiment = `name: The sample on a cluster
models:
  bert-small: ${sample}/models/bert-small
  roberta-small: ${sample}/models/roberta-small
  bert-large: ${sample}/models/bert-large
  roberta-large: ${sample}/models/roberta-large
sources: [bert-small, roberta-small]
targets: [bert-large, roberta-large]
tasks:
  facts:
    kind: relations
    folder: ${sample}/tasks/relations
    commonVocabulary: ${sample}/tasks/common_vocabulary.txt
    only: [capital, currency, animal-class, birthplace]
prompts:
  tuned:
    - { model: bert-small, folder: ${sample}/prompts/bert-small, length: 5, seed: 1 }
    - { model: roberta-small, folder: ${sample}/prompts/roberta-small, length: 5, seed: 1 }
  tuning: { epochs: 4 }
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
