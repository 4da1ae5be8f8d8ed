/** What a mixture is held against on the same examples: the target's manual template, and its own prompt. */
import type { EvaluatedCondition, Scores } from '#engine/common/contract/evaluation.ts'
import type { SplitName } from '#engine/common/contract/tasks.ts'
import { requireModel } from '#main/catalogue/models.ts'
import { requireTask } from '#main/catalogue/tasks.ts'
import type { Project } from '#main/project/project.ts'
import type { RegisteredModel } from '#store/records/models.ts'
import type { StoredPrompt } from '#store/records/prompts.ts'

type Order = {
  readonly targetId: string
  readonly taskId: string
  readonly split: SplitName
  readonly limit: number
}

/** The newest prompt of a model for a relation that was tuned on it or imported, not found by a transfer. */
async function ownPrompt(
  { store }: Project,
  { report }: RegisteredModel,
  relation: string
): Promise<StoredPrompt | undefined> {
  const prompts = await store.read.prompts.list({ tableFingerprint: report.fingerprint.table })
  const own = prompts.filter((prompt) => prompt.relation === relation && prompt.runId === null)
  const newest = own.toSorted((a, b) => b.createdAt - a.createdAt)[0]
  return newest && (await store.read.prompts.get(newest.id))
}

/** Scores of both; null where the task has no template, or the target no prompt for it. */
export async function scoreReferences(
  project: Project,
  { targetId, taskId, split, limit }: Order,
  signal: AbortSignal
): Promise<{ manual: Scores | null; own: Scores | null }> {
  const target = await requireModel(project, targetId, signal)
  const task = await requireTask(project, taskId, signal)
  const own = await ownPrompt(project, target, task.summary.name)
  const conditions: EvaluatedCondition[] = []
  if (task.summary.template !== null) conditions.push({ kind: 'manual', name: 'manual', template: null })
  if (own !== undefined) {
    const { vectors, template } = own.prompt
    conditions.push({ kind: 'prompt', name: 'own', vectors, template })
  }
  if (conditions.length === 0) return { manual: null, own: null }
  const request = { model: target.reference, task: task.source, split, limit, conditions }
  const answers = await project.engine.call('evaluation.run', request, { signal })
  const scoresOf = (wanted: string): Scores | null =>
    answers.conditions[conditions.findIndex(({ name }) => name === wanted)]?.scores ?? null
  return { manual: scoresOf('manual'), own: scoresOf('own') }
}
