/** The sample that ships with the project: its models, tasks and tuned prompts. Never written to. */
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'

export type SampleFiles = {
  /** The ready project. */
  readonly project: string
  readonly modelFolder: (model: string) => string
  /** `<relation>/prompt_vecs.npy` for every relation, tuned on the model. */
  readonly promptTree: (model: string) => string
  /** The folder of all relations. */
  readonly relationFolders: string
  readonly commonVocabulary: string
  readonly relations: readonly string[]
}

/** How many vectors the shipped prompts have. */
export const samplePromptLength = 5

/** The two models whose prompts are transferred, and the two that they are transferred to. */
export const sampleSources = ['bert-small', 'roberta-small'] as const
export const sampleTargets = ['bert-large', 'roberta-large'] as const

/** The models that the ready project knows. */
export const sampleModels = [...sampleSources, ...sampleTargets]

/** Finds the sample's files below `assets/sample`. */
export async function findSample(folder: string): Promise<SampleFiles> {
  const relations = join(folder, 'tasks', 'relations')
  return {
    project: join(folder, 'Sample.anchorage'),
    modelFolder: (model) => join(folder, 'models', model),
    promptTree: (model) => join(folder, 'prompts', model),
    relationFolders: relations,
    commonVocabulary: join(folder, 'tasks', 'common_vocabulary.txt'),
    relations: (await readdir(relations)).sort()
  }
}
