/** Names of models for tables and figures: two models of one name are told apart by their fingerprints. */
import type { ModelIdentity, RunManifest } from '#engine/common/contract/runs.ts'

/** So much of a fingerprint tells models apart. */
const shownDigits = 6

export type ModelLabels = (model: ModelIdentity) => string

function addTo(groups: Map<string, Set<string>>, key: string, member: string): void {
  groups.set(key, (groups.get(key) ?? new Set()).add(member))
}

/**
 * @param manifests of all runs that are shown together
 * @returns the name of a model; with the beginning of its table's fingerprint where another table has the name, with that
 *   of its weights where the same table belongs to several
 */
export function modelLabels(manifests: readonly Pick<RunManifest, 'sources' | 'target'>[]): ModelLabels {
  const tables = new Map<string, Set<string>>()
  const weights = new Map<string, Set<string>>()
  for (const { sources, target } of manifests)
    for (const { name, fingerprint } of [target, ...sources.map(({ model }) => model)]) {
      addTo(tables, name, fingerprint.table)
      // What depends on the table alone says nothing of weights.
      if (fingerprint.weights !== undefined)
        addTo(weights, `${name} ${fingerprint.table}`, fingerprint.weights)
    }
  return ({ name, fingerprint: { table, weights: own } }) => {
    const parts: string[] = []
    if ((tables.get(name)?.size ?? 0) > 1) parts.push(table.slice(0, shownDigits))
    if (own !== undefined && (weights.get(`${name} ${table}`)?.size ?? 0) > 1)
      parts.push(own.slice(0, shownDigits))
    return parts.length === 0 ? name : `${name} (${parts.join(', ')})`
  }
}
