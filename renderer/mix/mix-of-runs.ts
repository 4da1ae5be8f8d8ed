/** What runs were made of, as a choice for Mix: their prompts, target and settings, as far as the project still holds them. */
import { defaults } from '#engine/common/contract/defaults.ts'
import type { RunEntry } from '#preload/contract/run-methods.ts'
import type { Lists } from '#renderer/connection/lists.ts'
import { type MixChoice, modelOf } from './mix-choice.ts'

/** The setup of a mixture, as far as the project still holds what the runs were made of. */
export type MixOfSet = Pick<
  MixChoice,
  'promptIds' | 'targetId' | 'anchorSetId' | 'mask' | 'kept' | 'centre' | 'ridge' | 'rescale' | 'weights'
>

type UsedSource = RunEntry['sources'][number]

const usedSources = new WeakMap<readonly RunEntry[], ReadonlyMap<string, UsedSource>>()

function keyOf(source: string, relation: string | null): string {
  return JSON.stringify([source, relation])
}

/** What the runs used of each source for each relation, by the first that did; of thousands of runs it is found once. */
function usedIn(runs: readonly RunEntry[]): ReadonlyMap<string, UsedSource> {
  const known = usedSources.get(runs)
  if (known !== undefined) return known
  const used = new Map<string, UsedSource>()
  for (const { relation, sources } of runs)
    for (const source of sources) {
      const key = keyOf(source.model, relation)
      if (!used.has(key)) used.set(key, source)
    }
  usedSources.set(runs, used)
  return used
}

/** The prompt that one of the runs used of a source for a relation. */
export function promptOf(
  runs: readonly RunEntry[],
  source: string,
  relation: string,
  { prompts, models }: Lists
) {
  const used = usedIn(runs).get(keyOf(source, relation))
  return prompts.find((prompt) => {
    if (prompt.name !== used?.prompt || prompt.runId !== null) return false
    return modelOf(prompt, models)?.report.fingerprint.table === used.table
  })
}

export type RunSettings = { readonly targetId: string; readonly anchorSetId: string } & Pick<
  MixChoice,
  'mask' | 'kept' | 'centre' | 'ridge' | 'rescale'
>

/** The settings of runs that a transfer takes; null where they are of another method, or something is gone. */
export function settingsOf([first]: readonly RunEntry[], { models, sets }: Lists): RunSettings | null {
  // Of models with one table the one of the run's name, which a part of the fingerprint may follow.
  const alike = models.filter(({ report }) => report.fingerprint.table === first?.targetTable)
  const targetId = (alike.find(({ report }) => first?.target.startsWith(report.name)) ?? alike[0])?.id
  const anchorSetId = sets.find(({ name, count }) => name === first?.anchorSet && count === first.anchors)?.id
  if (first === undefined || targetId === undefined || anchorSetId === undefined) return null
  if (first.method !== 'exact' || first.ridge === null || first.mask === null) return null
  const { mask, ridge } = first
  return {
    targetId,
    anchorSetId,
    mask,
    kept: first.kept ?? defaults.kept,
    centre: first.centre ?? 'none',
    ridge,
    rescale: first.rescale === 'none' ? 'none' : 'after'
  }
}

/** The mixture of a set for one relation, as the runs have its sources. */
export function mixOfSet(
  runs: readonly RunEntry[],
  members: readonly string[],
  relation: string,
  lists: Lists
): MixOfSet | null {
  const settings = settingsOf(runs, lists)
  const found = members.map((source) => promptOf(runs, source, relation, lists)?.id)
  const promptIds = found.filter((id) => id !== undefined)
  if (settings === null || promptIds.length < members.length) return null
  return { ...settings, promptIds, weights: {} }
}

/** What a run was made of; the greatest weight is 1. */
export function mixOfRun(run: RunEntry, lists: Lists): MixOfSet | null {
  if (run.relation === null || run.sources.length === 0) return null
  const models = run.sources.map(({ model }) => model)
  const mix = mixOfSet([run], models, run.relation, lists)
  const greatest = Math.max(...run.sources.map(({ weight }) => weight))
  if (mix === null || !(greatest > 0)) return mix
  const weights = mix.promptIds.map((id, place) => [id, (run.sources[place]?.weight ?? greatest) / greatest])
  return { ...mix, weights: Object.fromEntries(weights) }
}
