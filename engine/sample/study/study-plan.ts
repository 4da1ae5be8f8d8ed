/** What the study of the sample measures: sources, targets, seeds, and the settings that are varied. */

/** Every pair of these is measured as source and target. */
export const studyModels = [
  'bert-small',
  'roberta-small',
  'bert-large',
  'roberta-large',
  'albert',
  'gpt2'
] as const
export type StudyModel = (typeof studyModels)[number]

/** Sources that are carried together. */
export const sourceSets: readonly (readonly StudyModel[])[] = [
  ['bert-small', 'roberta-small'],
  ['bert-small', 'bert-large'],
  ['bert-small', 'roberta-small', 'bert-large']
]

/** The sources and prompt length of what is varied: the small models, whose prompts are meant to be carried. */
export const variedSources: readonly StudyModel[] = ['bert-small', 'roberta-small']

export const study = {
  seeds: [1, 2, 3],
  promptLength: 5,
  promptLengths: [1, 3, 5, 10],
  anchorCounts: [64, 128, 256, 512, 1024, 2048],
  ridges: [0, 0.01, 0.03, 0.1, 0.3, 1],
  /** The λ of everything but the comparison of λ. */
  ridge: 0.01,
  /** Relations on which single settings are varied, with the first seed. */
  variedRelations: 10,
  /** Relations on which Adam's search is compared with the exact one. */
  adamRelations: 4,
  /** Adam's search is asked after so many steps; the last is the paper's number. */
  adamSteps: [10, 30, 100, 300, 1000, 2000]
} as const
