/** Makes results small enough for the tens of millions of answers of a large study to fit into memory. */
import type { AskedResult, StudyResult } from './results.ts'

/** Makes results small; lists of examples are shared among all that one call of this was used for. */
export function createResultReducer(): (result: StudyResult) => AskedResult {
  const lists = new Map<string, readonly string[]>()
  return ({ predictions, ...result }) => {
    const examples = predictions.map(({ example }) => example)
    const key = examples.join('\n')
    const known = lists.get(key) ?? examples
    lists.set(key, known)
    return { ...result, examples: known, ranks: Int32Array.from(predictions, ({ rank }) => rank) }
  }
}
