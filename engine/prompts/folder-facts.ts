/** What the folders around a prompt file say of it, by the habits of the code that writes such trees. */
import { basename, dirname, resolve } from 'node:path'
import { type PromptFacts, unknownFacts } from './prompt-format.ts'

const modelFamilies = /bert|gpt|t5|llama|opt-|bloom|mistral|qwen|gemma|pythia|electra|deberta|xlnet|phi-/i

/** A LAMA relation is a Wikidata property, such as `P19`. */
const wikidataProperty = /^P\d+$/

/** Names that OptiPrompt and PTfer give their files, in a folder per relation whatever its name. */
const ownFileName = /prompt_vecs\.npy$/

/** The relation whose folder the file lies in: a Wikidata property, or any name above a file of OptiPrompt's own. */
function relationOf(path: string): string | null {
  const folder = basename(dirname(resolve(path)))
  if (wikidataProperty.test(folder)) return folder
  return ownFileName.test(basename(path)) && !modelFamilies.test(folder) ? folder : null
}

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
  const relation = relationOf(path)
  return { ...unknownFacts, name: relation, relation, modelName: modelFolder(folder), position: 'template' }
}

/** Whether the file lies in a folder named for a relation. */
export function liesInRelationFolder(path: string): boolean {
  return relationOf(path) !== null
}

/** What stands between task and model in a folder's name. */
const between = 'Prompt'

/** `SST2PromptRobertaLarge/task_prompt`: thunlp's folders carry task and model. */
export function thunlpFacts(path: string): PromptFacts {
  const folder = basename(dirname(resolve(path)))
  const at = folder.indexOf(between, 1)
  const model = at < 0 ? '' : folder.slice(at + between.length)
  if (model === '') return { ...unknownFacts, name: folder }
  return { ...unknownFacts, name: folder, task: folder.slice(0, at), modelName: model }
}
