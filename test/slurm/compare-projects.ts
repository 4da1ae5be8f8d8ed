/** Compares what two projects hold, number by number. */
import { isDeepStrictEqual } from 'node:util'
import { openStoreToRead, type ProjectReader } from '#store/project-store.ts'

/** What a run found, without when and how fast. */
async function found(read: ProjectReader, inputs: string) {
  const run = await read.runs.byInputs(inputs)
  if (run === undefined) return null
  const { id, promptId, conditionId: _, createdAt: __, seconds: ___, ...rest } = run
  const prompt = promptId === null ? undefined : await read.prompts.get(promptId)
  return {
    ...rest,
    vectors: prompt?.prompt.vectors ?? null,
    predictions: await read.runs.predictions(id)
  }
}

/**
 * The runs of the first project, by the hash of what made them: how many there are, and which of them the second has not
 * or has otherwise. Vectors, scores, losses, reports and predictions are compared bit by bit.
 */
export async function compareProjects(
  first: string,
  second: string
): Promise<{ readonly runs: number; readonly different: readonly string[] }> {
  const [one, other] = [await openStoreToRead(first), await openStoreToRead(second)]
  try {
    const different: string[] = []
    const ids = [...(await one.read.runs.inputHashes())]
    for (const id of ids) {
      const own = await found(one.read, id)
      if (!isDeepStrictEqual(own, await found(other.read, id))) different.push(own?.name ?? id)
    }
    return { runs: ids.length, different }
  } finally {
    await one.close()
    await other.close()
  }
}
