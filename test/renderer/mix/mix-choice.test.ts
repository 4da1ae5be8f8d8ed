/** What a choice comes to: sides, names, masks, and the step that is missing. */
import { describe, expect, it } from 'vitest'
import { defaults } from '#engine/common/contract/defaults.ts'
import {
  maskOf,
  mixChoiceSchema,
  modelOf,
  namesOf,
  nextStep,
  sidesOf,
  sourcesOf,
  weightsOf,
  withWeights
} from '#renderer/mix/mix-choice.ts'
import { mixLists, mixSetup, modelEntry, promptSummary } from '#test/support/mix-lists.ts'

const sources = sourcesOf(mixSetup, mixLists)

describe('a choice', () => {
  it('makes the sides of a mixture, to which weights are given in order', () => {
    const sides = sidesOf(mixSetup, sources, mixLists)
    expect(sides).toMatchObject({
      sources: [
        { promptId: 'left P1', modelId: 'left' },
        { promptId: 'right P1', modelId: 'right' }
      ],
      mask: { kind: 'all' }
    })
    if (sides === null) throw new Error('incomplete')
    const weights = weightsOf(sides, { 'right P1': 0.25 })
    expect(weights).toEqual([1, 0.25])
    expect(withWeights(sides, weights).sources.map(({ weight }) => weight)).toEqual([1, 0.25])
  })

  it('takes a prompt for that of the model of its name where two have its table', () => {
    const left = modelEntry('left')
    const copy = { ...left, id: 'copy', report: { ...left.report, name: 'a copy of left' } }
    expect(modelOf(promptSummary('left', 'P1'), [copy, left])?.id).toBe('left')
    expect(modelOf(promptSummary('left', 'P1'), [copy])?.id).toBe('copy')
  })

  it('leaves out prompts that the project has lost, and asks for what is missing in turn', () => {
    const nothing = mixChoiceSchema.parse({ promptIds: ['gone'] })
    expect(sourcesOf(nothing, mixLists)).toEqual([])
    expect(nextStep(nothing, [], mixLists)).toContain('Choose the prompts')
    expect(nextStep({ ...mixSetup, targetId: 'gone' }, sources, mixLists)).toContain('Choose the target')
    expect(nextStep({ ...mixSetup, anchorSetId: null }, sources, mixLists)).toContain('Choose the anchors')
    expect(nextStep(mixSetup, sources, mixLists)).toBeNull()
    const short = { ...sources[1], prompt: promptSummary('right', 'P1', { vectorCount: 3 }) }
    expect(nextStep(mixSetup, [sources[0], short], mixLists)).toContain('5 and 3 vectors')
  })

  it('names sources by their models, with the prompt where a model has several, and never twice alike', () => {
    expect(namesOf(sources)).toEqual(['left', 'right'])
    const more = sourcesOf({ promptIds: ['left P1', 'left P2', 'right P1'] }, mixLists)
    expect(namesOf(more)).toEqual(['left: P1', 'left: P2', 'right'])
    expect(namesOf([sources[0], sources[0]])).toEqual(['left: P1', 'left: P1 (2)'])
  })

  it('keeps as many anchors as the paper where nobody says how many, and no more than there are', () => {
    const { kept } = mixChoiceSchema.parse({})
    expect(kept).toBe(defaults.kept)
    const [set] = mixLists.sets
    expect(set?.count).toBeLessThan(kept)
    const setup = { ...mixSetup, mask: 'top-k' as const, kept }
    expect(sidesOf(setup, sources, mixLists)?.mask).toEqual({ kind: 'top-k', k: set?.count, from: 'sum' })
    const fewer = { ...setup, kept: 2 }
    expect(sidesOf(fewer, sources, mixLists)?.mask).toMatchObject({ k: 2 })
  })

  it('keeps k anchors only where the mask keeps some', () => {
    expect(maskOf({ mask: 'all', kept: 7 })).toEqual({ kind: 'all' })
    expect(maskOf({ mask: 'top-k', kept: 7 })).toEqual({ kind: 'top-k', k: 7, from: 'sum' })
    expect(maskOf({ mask: 'common-top-k', kept: 7 })).toEqual({ kind: 'common-top-k', k: 7 })
  })
})
