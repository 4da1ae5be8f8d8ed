/** The order of a set: what the project holds of what its runs were made of. */
import { describe, expect, it } from 'vitest'
import { mixOfSet } from '#renderer/mix/mix-of-runs.ts'
import { mixLists, modelEntry, promptSummary } from '#test/support/mix-lists.ts'
import { runEntry } from '#test/support/run-entries.ts'

/** A model of the name `left` that is not the one of the lists. */
function namesake() {
  const entry = modelEntry('left')
  const { report } = entry
  return {
    ...entry,
    id: 'other left',
    report: { ...report, fingerprint: { ...report.fingerprint, table: 'other table' } }
  }
}

describe('the mixture of a set', () => {
  it('takes the prompts and the target of the runs’ models, not those of others with their names', () => {
    const lists = {
      ...mixLists,
      models: [namesake(), ...mixLists.models],
      prompts: [
        promptSummary('left', 'P1', {
          id: 'other P1',
          name: 'P1',
          model: { name: 'left', tableFingerprint: 'other table' }
        }),
        ...mixLists.prompts
      ]
    }
    const run = runEntry('one', { sources: ['left (table)'], relation: 'P1', target: 'left (other)' })
    const [source] = run.sources
    const scope = {
      settings: [],
      all: [],
      references: [],
      runs: [
        {
          ...run,
          anchorSet: 'words',
          anchors: 100,
          targetTable: 'other table',
          sources: source === undefined ? [] : [{ ...source, table: 'table of left' }]
        }
      ]
    }
    expect(mixOfSet(scope.runs, ['left (table)'], 'P1', lists)).toMatchObject({
      promptIds: ['left P1'],
      targetId: 'other left'
    })
  })
})
