/** Answers and prompts as they come, kept in a file by which a run that was ended goes on. */
import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { z } from 'zod'
import type { Matrix } from '#engine/common/contract/matrix.ts'

const keptSchema = z.record(
  z.string(),
  z.object({
    /** By example: 1 where the answer is right. */
    right: z.array(z.number()),
    prompt: z
      .object({ template: z.string(), rows: z.int(), columns: z.int(), data: z.array(z.number()) })
      .nullable()
  })
)

export type SentPrompt = { readonly vectors: Matrix; readonly template: string }
export type Answered = { readonly right: readonly number[]; readonly prompt: SentPrompt | null }

export type KeptAnswers = {
  /** What is kept under the name, or what `find` finds, which is kept. */
  readonly once: (name: string, find: () => Promise<Answered>) => Promise<Answered>
}

/** @param path the file; kept in memory alone where there is none */
export async function keepAnswers(path: string | undefined): Promise<KeptAnswers> {
  const kept =
    path !== undefined && existsSync(path) ? keptSchema.parse(JSON.parse(await readFile(path, 'utf8'))) : {}
  return {
    once: async (name, find) => {
      const known = kept[name]
      if (known !== undefined) {
        const { right, prompt } = known
        if (prompt === null) return { right, prompt }
        const { template, rows, columns, data } = prompt
        return { right, prompt: { template, vectors: { rows, columns, data: Float32Array.from(data) } } }
      }
      const found = await find()
      const prompt = found.prompt && {
        ...found.prompt.vectors,
        data: [...found.prompt.vectors.data],
        template: found.prompt.template
      }
      kept[name] = { right: [...found.right], prompt }
      if (path !== undefined) await writeFile(path, JSON.stringify(kept))
      return found
    }
  }
}
