/** What windows ask of runs: the table of all of them, one in full, tags, notes, and running again. */
import { describeRefine, type RunMethod } from '#engine/common/contract/methods.ts'
import { describeCost } from '#engine/common/contract/refinement.ts'
import { configurationInputs, type RunManifest, targetDataOf } from '#engine/common/contract/runs.ts'
import type { Handlers } from '#engine/common/rpc/serve.ts'
import { repeatRun } from '#main/experiments/plan/repeat-run.ts'
import { highestRank, type Outcomes, type RunEntry, type runMethods } from '#preload/contract/run-methods.ts'
import type { WorkbenchContract } from '#preload/contract/workbench-methods.ts'
import type { ProjectReader } from '#store/project-store.ts'
import { hashContent, requireFound } from '#store/records/row.ts'
import type { RunOverview } from '#store/records/runs.ts'
import { listInParts } from './list-in-parts.ts'
import { type ModelLabels, modelLabels } from './model-labels.ts'
import { shownScores } from './shown-scores.ts'
import type { WindowContext } from './window-context.ts'

type Answered = Exclude<keyof typeof runMethods, `export.${string}` | `views.${string}`>

/** λ of the exact search, where there was one. */
function ridgeOf(method: RunMethod): number | null {
  if (method.kind === 'exact') return method.ridge
  return method.kind === 'refine' && method.start === 'transferred' ? method.ridge : null
}

function refinementOf({ method, refinement }: RunManifest): RunEntry['refinement'] {
  if (method.kind !== 'refine' || refinement === undefined) return null
  const { teaching, steps } = refinement
  return { settings: describeRefine(method), cost: describeCost(teaching.inputs, steps) }
}

/** The hash of a run's configuration; of thousands of runs few have one of their own, and to hash one is what takes time. */
function configurationHashes(): (manifest: RunManifest) => string {
  const known = new Map<string, string>()
  return (manifest) => {
    const inputs = configurationInputs(manifest)
    const text = JSON.stringify(inputs)
    const hash = known.get(text) ?? hashContent(inputs)
    known.set(text, hash)
    return hash
  }
}

/** The manifest laid flat. */
function entryOf(run: RunOverview, label: ModelLabels, hashOf: (manifest: RunManifest) => string): RunEntry {
  const {
    sources,
    target,
    task,
    anchors,
    mask,
    method,
    centre,
    rescale,
    relation,
    selection,
    retrieval,
    device,
    seed,
    evaluation
  } = run.manifest
  // Field by field: to copy the rest of ten thousand objects takes half a second.
  return {
    id: run.id,
    name: run.name,
    configuration: hashOf(run.manifest),
    jobId: run.jobId,
    promptId: run.promptId,
    sources: sources.map(({ model, prompt, weight }) => ({
      model: label(model),
      table: model.fingerprint.table,
      prompt: prompt.name,
      weight
    })),
    target: label(target),
    targetTable: target.fingerprint.table,
    task: task?.name ?? null,
    relation,
    method: method.kind,
    promptLength: run.manifest.length,
    anchorSet: anchors?.name ?? null,
    anchors: anchors?.count ?? null,
    kept: mask === null || mask.kind === 'all' ? null : mask.k,
    mask: mask?.kind ?? null,
    ridge: ridgeOf(method),
    seed,
    selection,
    targetData: targetDataOf(run.manifest),
    refinement: refinementOf(run.manifest),
    centre: anchors === null ? null : centre,
    rescale,
    retrieval: retrieval ?? null,
    device: device.used,
    split: evaluation?.split ?? null,
    rankWithin: evaluation?.rankWithin ?? null,
    matching: run.matching,
    scores: run.scores && shownScores(run.scores),
    weightsUnverified: run.weightsUnverified,
    chosenOn: run.chosenOn,
    archived: run.archived,
    tags: run.tags,
    seconds: run.seconds,
    createdAt: run.createdAt
  }
}

/** The ranks of the runs' examples, of which those that were asked the same share the list. */
async function outcomesOf({ runs }: Pick<ProjectReader, 'runs'>, ids: readonly string[]): Promise<Outcomes> {
  const places = new Map<string, number>()
  const outcomes: Outcomes = { lists: [], runs: [] }
  for (const { id, predictions } of await runs.outcomes(ids)) {
    const examples = predictions.map(({ example }) => example)
    const key = JSON.stringify(examples)
    const list = places.get(key) ?? outcomes.lists.push(examples) - 1
    places.set(key, list)
    const ranks = Uint8Array.from(predictions, ({ rank }) => Math.min(rank, highestRank))
    outcomes.runs.push({ id, list, ranks })
  }
  return outcomes
}

export function runHandlers({
  current,
  changed
}: WindowContext): Pick<Handlers<WorkbenchContract>, Answered> {
  return {
    'runs.list': listInParts(async () => {
      const runs = await current.require().project.store.read.runs.overview()
      const label = modelLabels(runs.map(({ manifest }) => manifest))
      const hashOf = configurationHashes()
      return runs.map((run) => entryOf(run, label, hashOf))
    }),
    'runs.get': async ({ id }) => {
      const { runs, notes } = current.require().project.store.read
      const {
        notes: remarks,
        conditionId,
        promptId,
        createdAt,
        seconds,
        chosenOn: _,
        ...run
      } = requireFound(await runs.get(id), 'run', id)
      const written = await notes.list(id)
      return {
        ...run,
        remarks,
        notes: written.map(({ id, text, changedAt }) => ({ id, text, changedAt }))
      }
    },
    'runs.predictions': async ({ id }) => {
      const { runs } = current.require().project.store.read
      return requireFound(await runs.predictions(id), 'run', id) ?? []
    },
    'runs.outcomes': ({ ids }) => outcomesOf(current.require().project.store.read, ids),
    'runs.rename': async ({ id, name }) => {
      await current.require().project.store.write(({ runs }) => runs.rename(id, name))
      changed('runs')
      return {}
    },
    'runs.archive': async ({ ids, archived }) => {
      await current.require().project.store.write(async ({ runs }) => {
        for (const id of ids) await runs.archive(id, archived)
      })
      changed('runs')
      return {}
    },
    'runs.remove': async ({ ids }) => {
      const { project, removals } = current.require()
      const taken = await project.store.write(async ({ runs }) => {
        const rows = []
        for (const id of ids) rows.push(...(await runs.take(id)))
        return rows
      })
      changed('runs')
      return { removalId: removals.note(['runs'], taken) }
    },
    'runs.repeat': async ({ ids }) => {
      const { project } = current.require()
      const jobIds: string[] = []
      for (const id of ids) jobIds.push(await repeatRun(project, id))
      return { jobIds }
    },
    'runs.tag': async ({ ids, tag, on }) => {
      await current.require().project.store.write(async ({ runs }) => {
        for (const id of ids) await runs.tag(id, tag, on)
      })
      changed('runs')
      return {}
    },
    'notes.add': async ({ runId, text }) => {
      const id = await current.require().project.store.write(({ notes }) => notes.add(runId, text))
      changed('runs')
      return { id }
    },
    'notes.remove': async ({ id }) => {
      await current.require().project.store.write(({ notes }) => notes.remove(id))
      changed('runs')
      return {}
    }
  }
}
