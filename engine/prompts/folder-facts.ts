/** What the folders around a prompt file say of it, by the habits of the code that writes such trees. */
import { basename, dirname, resolve } from 'node:path'
import { type PromptFacts, unknownFacts } from './prompt-format.ts'

const modelFamilies = /bert|gpt|t5|llama|opt-|bloom|mistral|qwen|gemma|pythia|electra|deberta|xlnet|phi-/i

/** A LAMA relation: a Wikidata property (`P19`) or one of its other corpora's names. */
const relationName = /^P\d+$/

/** The nearest folder above whose name looks like a model's, or null. */
function modelFolder(folder: string): string | null {
  let above = folder
  for (let level = 0; level < 3; level++) {
    if (modelFamilies.test(basename(above))) return basename(above)
    above = dirname(above)
  }
  return null
}

/** `<model>/<relation>/FILE`: OptiPrompt's and PTfer's trees. */
export function optiPromptFacts(path: string): PromptFacts {
  const folder = dirname(resolve(path))
  const relation = relationName.test(basename(folder)) ? basename(folder) : null
  const name = relation
  return { ...unknownFacts, name, relation, modelName: modelFolder(folder), position: 'template' }
}

/** Whether the file lies in a folder named for a relation. */
export function liesInRelationFolder(path: string): boolean {
  return relationName.test(basename(dirname(resolve(path))))
}

/** `SST2PromptRobertaLarge/task_prompt`: thunlp's folders carry task and model. */
export function thunlpFacts(path: string): PromptFacts {
  const folder = basename(dirname(resolve(path)))
  const [, task, model] = /^(.+?)Prompt(.+)$/.exec(folder) ?? []
  return { ...unknownFacts, name: folder, task: task ?? null, modelName: model ?? null }
}
