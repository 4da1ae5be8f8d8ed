import { describe, expect, it } from 'vitest'
import type { CellSpecification } from '#main/experiments/plan/expand.ts'
import { type Claim, checkClaims } from '#main/experiments/report/claims/claims.ts'
import { measureExperiment } from '#main/experiments/report/experiment-measurements.ts'
import { placeExamples } from '#main/experiments/report/measure.ts'
import { madeUpResults } from '#test/support/experiment-results.ts'

const examples = 200

/** How many examples in a hundred are answered right, by what is asked. */
type Shares = {
  readonly manual: number
  readonly tuned: number
  readonly small: number
  readonly large: number
  readonly together: number
  readonly self: number
  readonly unscaled: number
  readonly fewAnchors: number
  /** Accuracy along the search, in order of rising matching. */
  readonly along: readonly number[]
}

/** As the paper has it. */
const asPublished: Shares = {
  manual: 20,
  tuned: 50,
  small: 30,
  large: 10,
  together: 40,
  self: 49,
  unscaled: 5,
  fewAnchors: 8,
  along: [0.1, 0.2, 0.3, 0.4]
}

const models = ['bert-base', 'bert-large', 'albert-base']

function shareOf({ method, sources, target, rescale, anchors }: CellSpecification, shares: Shares): number {
  if (method === 'manual') return shares.manual
  if (method === 'tuned') return shares.tuned
  if (sources.every(({ model }) => model === target)) return shares.self
  if (rescale === 'none') return shares.unscaled
  if (anchors === 10) return shares.fewAnchors
  if (sources.length > 1) return shares.together
  return sources[0]?.model === 'bert-large' ? shares.large : shares.small
}

async function claimsOf(shares: Shares): Promise<Map<string, Claim>> {
  const results = madeUpResults({
    file: {
      name: 'claims',
      models: Object.fromEntries(models.map((model) => [model, model])),
      sources: ['bert-base', 'bert-large'],
      targets: models,
      tasks: { lama: { kind: 'relations', folder: 'x' } },
      methods: {
        manual: { kind: 'manual' },
        tuned: { kind: 'direct-tuning' },
        ours: { kind: 'exact' },
        search: { kind: 'adam', snapshotEvery: 10 }
      },
      sections: [
        { name: 'main', shows: 'table-3', methods: ['manual', 'tuned', 'ours'], sources: 'subsets' },
        { name: 'search', shows: 'figure-2', methods: ['search'] },
        { name: 'scale', shows: 'figure-3', methods: ['ours'], vary: { rescale: ['none', 'after'] } },
        { name: 'anchors', shows: 'figure-4a', methods: ['ours'], vary: { anchors: [10, 100, 'all'] } }
      ]
    },
    tasks: { lama: ['P1'] },
    widths: Object.fromEntries(models.map((model) => [model, 8])),
    answers: (cell) => ({
      ranks: Array.from({ length: examples }, (_, index) =>
        (index * 37) % 100 < shareOf(cell, shares) ? 1 : 2
      ),
      curve: cell.method === 'search' ? shares.along.map((accuracy, index) => [index / 10, accuracy]) : []
    })
  })
  const claims = checkClaims(await measureExperiment(results, 'accuracy', placeExamples(results)))
  return new Map(claims.map((claim) => [claim.claim, claim]))
}

describe("the paper's claims", () => {
  const cases: [claim: string, against: Partial<Shares>][] = [
    ['Direct tuning is an upper bound of transfer.', { tuned: 25 }],
    ['Transferred prompts surpass the manual template.', { manual: 35 }],
    ['Several sources help.', { together: 15 }],
    ['Prompts of larger sources transfer worse.', { large: 35 }],
    ['A closer matching leads to a higher accuracy.', { along: [0.4, 0.3, 0.2, 0.1] }],
    ['A prompt transferred to its own model is recovered.', { self: 40 }],
    ['Normalisation helps across models and costs little within one.', { unscaled: 45 }],
    ['More anchors help.', { fewAnchors: 45 }]
  ]

  it.each(cases)(
    '%s holds for figures like the paper’s, and not for the opposite',
    async (claim, against) => {
      expect((await claimsOf(asPublished)).get(claim)).toMatchObject({ verdict: 'yes' })
      expect((await claimsOf({ ...asPublished, ...against })).get(claim)).toMatchObject({ verdict: 'no' })
    }
  )

  it('say so where nothing was measured', async () => {
    const claims = await claimsOf(asPublished)
    expect(claims.get('Prompts are not directly transferable.')).toMatchObject({
      verdict: 'not measured',
      figures: ''
    })
  })

  it('name the figures that decide them', async () => {
    const claim = (await claimsOf(asPublished)).get('Several sources help.')
    // Together 40, alone 30 and 10: 20 points over both on average, 10 over the better.
    expect(claim?.figures).toMatch(
      /^\+20\.00 points over the sources alone .* \+10\.00 points over the best of them$/
    )
  })
})
