/** What a run is called until a person gives it another name. */
import type { RunManifest } from '#engine/common/contract/runs.ts'

/** The task, and in brackets what was done: `capital (bert-small + roberta-small → bert-large, exact)`. */
export function runName(
  task: string,
  { method, sources, target, seed }: Pick<RunManifest, 'method' | 'sources' | 'target' | 'seed'>
): string {
  const names = sources.map(({ model }) => model.name).join(' + ')
  const models = names === '' ? target.name : `${names} → ${target.name}`
  return `${task} (${models}, ${method.kind}${seed === null ? '' : `, seed ${seed}`})`
}
