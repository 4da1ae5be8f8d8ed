/** Where the reference language models lie beside the tests. */
import { join } from 'node:path'

export const referenceFolder = join(import.meta.dirname, '../fixtures/reference')

/** Two more models, laid out alike: a decoder with caches (`llama`) and DistilBERT (`distilbert`). */
export const moreModels = join(import.meta.dirname, '../fixtures/more-models')

export const referenceFamilies = ['bert', 'roberta', 'albert', 'gpt2'] as const

/** The folder of a reference model of one family. */
export function referenceModelFolder(family: string, reference = referenceFolder): string {
  return join(reference, 'models', `tiny-${family}`)
}
