/** The start from a manual template: its words become vectors, cut as the template's encoder cuts them. */
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { gatherRows } from '#engine/common/contract/matrix.ts'
import type { Task } from '#engine/common/contract/tasks.ts'
import { templateEncoder } from '#engine/evaluation/encode-template.ts'
import { openTokenizer } from '#engine/models/tokenizer.ts'
import { tuningStart } from '#engine/tuning/tuning-start.ts'
import { sampleReport } from '#test/support/sample-records.ts'

const mistral = join(import.meta.dirname, '../../fixtures/tokenizers/mistral')

const task: Task = {
  name: 'P1',
  kind: 'relation',
  relation: null,
  template: null,
  splits: { train: [], dev: [], test: [] },
  candidates: null,
  notes: []
}

test.each(['[X] is in [Y] .', 'the city of [X] is in [Y] .'])(
  'the vectors of "%s" are the tokens of the filled template',
  async (template) => {
    const tokenizer = await openTokenizer(mistral)
    // Row i of the table holds i, so that a vector says which token it started from.
    const rows = 450
    const table = { rows, columns: 1, data: Float32Array.from({ length: rows }, (_, id) => id) }
    const model = {
      report: sampleReport('mistral', 1),
      kind: 'causal',
      tokenizer,
      readRows: async (ids: ArrayLike<number>) => gatherRows(table, ids),
      decoderStart: []
    } as const
    const { condition } = await tuningStart({ start: { kind: 'manual' }, template, seed: 0 }, task, model)
    const started = templateEncoder(condition.template, model)('paris').ids
    const words = tokenizer.encodeWithSpecials(template.replace('[X]', 'paris').replace(/ \[Y\].*/, ''))
    expect(started.map((id) => (id < 0 ? condition.vectors.data[-1 - id] : id))).toEqual(words)
  }
)
