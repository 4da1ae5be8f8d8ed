/**
 * Ties what an older version computed to the weights that it was computed with, where nothing speaks against it: runs
 * get the hash of the weights, tuned prompts a recipe with it, and whatever names them follows. Ids of runs stay, and
 * plans of before still find what they know by the hashes that it had.
 */
import { z } from 'zod'
import {
  conditionInputs,
  type ModelIdentity,
  type RunManifest,
  runInputs,
  runManifestSchema,
  tableOf,
  weightsUnverified
} from '#engine/common/contract/runs.ts'
import type { WriteConnection } from '../file/connection.ts'
import { hashContent, jsonColumn, readRow, updateRow } from './row.ts'
import { tuningRecipe } from './tuning-recipe.ts'

export type Verification = {
  readonly fingerprint: ModelIdentity['fingerprint'] & { readonly weights: string }
  /** Whether a run of this table and tokenizer was computed on the model, by what the project knows of it. */
  readonly isOwn: (run: { readonly inputsHash: string; readonly manifest: RunManifest }) => boolean
  /** When its files were last changed: what was computed before may have come from others. */
  readonly changedAt: number
  /** For a person, put among the remarks of every run that is verified. */
  readonly note: string
}

const runRow = z.object({
  id: z.string(),
  manifest: jsonColumn(runManifestSchema),
  inputs_hash: z.string(),
  planned_hash: z.string().nullable(),
  notes: jsonColumn(z.array(z.string())),
  created_at: z.int()
})
type Run = z.output<typeof runRow>

function isVerified(
  { manifest, inputs_hash, created_at }: Run,
  { fingerprint, isOwn, changedAt }: Verification
): boolean {
  const target = manifest.target.fingerprint
  return (
    weightsUnverified(manifest) &&
    target.table === fingerprint.table &&
    target.tokenizer === fingerprint.tokenizer &&
    created_at > changedAt &&
    isOwn({ inputsHash: inputs_hash, manifest })
  )
}

/** The recipe of a run's tuning with the weights, where it is known how the recipe without them was made. */
function newRecipe(
  { tuning, prompt }: RunManifest,
  fingerprint: Verification['fingerprint']
): readonly [string, string] | null {
  if (tuning === null || !prompt?.recipe) return null
  const { recipe } = prompt
  const template = [null, tuning.template].find(
    (asked) => tuningRecipe(tableOf(fingerprint), tuning, asked) === recipe
  )
  return template === undefined ? null : [recipe, tuningRecipe(fingerprint, tuning, template)]
}

function withRecipes(manifest: RunManifest, recipes: ReadonlyMap<string, string>): RunManifest {
  const renamed = <Prompt extends NonNullable<RunManifest['prompt']>>(prompt: Prompt): Prompt => {
    const recipe = recipes.get(prompt.recipe ?? '')
    return recipe === undefined ? prompt : { ...prompt, recipe }
  }
  return {
    ...manifest,
    prompt: manifest.prompt && renamed(manifest.prompt),
    sources: manifest.sources.map((source) => ({ ...source, prompt: renamed(source.prompt) }))
  }
}

/** Verifies what can be; the number of runs that were. */
export async function verifyWeights(
  connection: WriteConnection,
  verification: Verification
): Promise<number> {
  const { fingerprint, note } = verification
  const rows = await connection.all(
    'SELECT id, manifest, inputs_hash, planned_hash, notes, created_at FROM runs ORDER BY rowid'
  )
  const runs = rows.map((row) => readRow(runRow, row, 'a run'))
  const verified = new Set(runs.filter((run) => isVerified(run, verification)))
  const recipes = new Map(
    [...verified].flatMap(({ manifest }) => {
      const pair = newRecipe(manifest, fingerprint)
      return pair === null ? [] : [pair]
    })
  )
  for (const [before, recipe] of recipes)
    await connection.run('UPDATE prompts SET recipe = ?, planned_recipe = recipe WHERE recipe = ?', [
      recipe,
      before
    ])
  for (const run of runs) {
    const renamed = withRecipes(run.manifest, recipes)
    const { target } = renamed
    const isOne = verified.has(run)
    const manifest = isOne ? { ...renamed, target: { ...target, fingerprint } } : renamed
    const text = JSON.stringify(manifest)
    if (text === JSON.stringify(run.manifest)) continue
    const hash = hashContent(runInputs(manifest))
    await updateRow(connection, 'runs', run.id, {
      manifest: text,
      inputs_hash: hash,
      planned_hash: run.planned_hash ?? (hash === run.inputs_hash ? null : run.inputs_hash),
      condition_id: hashContent(conditionInputs(manifest)),
      unverified: weightsUnverified(manifest) ? 1 : 0,
      ...(isOne ? { notes: JSON.stringify([...run.notes, note]) } : {})
    })
  }
  return verified.size
}
