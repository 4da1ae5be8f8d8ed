/** Models of one name in what windows show. */
import { describe, expect, it } from 'vitest'
import type { ModelIdentity } from '#engine/common/contract/runs.ts'
import { modelLabels } from '#main/api/model-labels.ts'

function model(name: string, table: string, weights?: string): ModelIdentity {
  return { name, fingerprint: { table, tokenizer: 'tokens', ...(weights !== undefined && { weights }) } }
}

const prompt = { name: 'P1', sha256: 'aa', recipe: null }
const from = (source: ModelIdentity, target: ModelIdentity) => ({
  sources: [{ model: source, prompt, weight: 1 }],
  target
})

describe('the names of models', () => {
  it('stay as they are where they are different', () => {
    const [bert, roberta] = [model('bert', '0123456789'), model('roberta', '9876543210', 'ffff')]
    const label = modelLabels([from(bert, roberta)])
    expect([label(bert), label(roberta)]).toEqual(['bert', 'roberta'])
  })

  it('say which table it is where two models have one name', () => {
    const [one, other, target] = [model('bert', '0123456789'), model('bert', 'abcdefabcdef'), model('t', '1')]
    const label = modelLabels([from(one, target), from(other, target)])
    expect([one, other, target].map(label)).toEqual(['bert (012345)', 'bert (abcdef)', 't'])
  })

  it('say which weights it is where two models share a name and a table', () => {
    const source = model('bert', '0123456789')
    const [one, tuned] = [model('bert', '0123456789', 'aaaaaaaa'), model('bert', '0123456789', 'bbbbbbbb')]
    const label = modelLabels([from(source, one), from(source, tuned)])
    // As a source it is its table alone.
    expect([source, one, tuned].map(label)).toEqual(['bert', 'bert (aaaaaa)', 'bert (bbbbbb)'])
  })
})
