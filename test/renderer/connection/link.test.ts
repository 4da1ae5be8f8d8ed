/** Links to views: what is written is read again, whatever it is. */
import { describe, expect, it } from 'vitest'
import { combinationsLink, followCombinations } from '#renderer/combinations/combinations-link.ts'
import { combinationsViewSchema } from '#renderer/combinations/combinations-view.ts'
import { compareLink, followCompare } from '#renderer/compare/compare-link.ts'
import { compareViewSchema } from '#renderer/compare/compare-view.ts'
import { followedLink, type LinkValues, linkTo } from '#renderer/connection/link.ts'
import { followRuns, runsLink } from '#renderer/runs/runs-link.ts'
import { runsViewSchema } from '#renderer/runs/runs-view.ts'
import { scopeOf } from '#renderer/runs/scope.ts'
import { runEntry } from '#test/support/run-entries.ts'

function followed(values: LinkValues) {
  const [, query = ''] = linkTo('/runs', values).split('?')
  return followedLink(new URLSearchParams(query))
}

describe('a link', () => {
  it('is readable, and keeps numbers, words and nothing apart', () => {
    expect(linkTo('/combinations', { target: 'bert-large', anchors: 512, kept: null, x: undefined })).toBe(
      '#/combinations?target=bert-large&anchors=512&kept=null'
    )
    expect(linkTo('/runs', {})).toBe('#/runs')
    const values = { a: '512', b: 512, c: 'null', d: null, e: 'a + b & "c"', f: '', g: 0.01, h: '"quoted"' }
    const link = followed(values)
    for (const [key, value] of Object.entries(values)) expect(link.value(key)).toBe(value)
    expect(followed({ list: ['1', 'a,b'] }).list('list')).toEqual(['1', 'a,b'])
    expect(link.value('none')).toBeUndefined()
  })
})

describe('the view of a link', () => {
  const runs = [
    runEntry('a', { anchors: 64 }),
    runEntry('b', { anchors: 512 }),
    runEntry('c', { anchors: 512, sources: ['bert', 'gpt'] })
  ]

  it('of Combinations is the whole scope, with what nobody chose', () => {
    const view = combinationsViewSchema.parse({
      settings: { anchors: 64 },
      without: ['P1', '2'],
      metric: 'P@10',
      average: 'macro',
      order: 'size',
      against: 'bert + gpt'
    })
    const scope = scopeOf(runs, view.settings)
    const again = followCombinations(followed(combinationsLink('gpt2', scope, view)))
    expect(again).toMatchObject({
      ...view,
      target: 'gpt2',
      settings: { anchors: 64, method: 'exact', ridge: 0.01 }
    })
    expect(scopeOf(runs, again.settings)).toEqual(scope)
  })

  it('of Compare names its runs, of which those that are gone are left out', () => {
    const view = compareViewSchema.parse({
      runIds: ['0123456789abcdef', '1123456789abcdef'],
      average: 'macro',
      left: 'x'
    })
    const scope = scopeOf(runs, {})
    const link = followed(compareLink(scope, view))
    expect(followCompare(link, ['2123456789abcdef', '0123456789abcdef'])).toMatchObject({
      runIds: ['0123456789abcdef'],
      average: 'macro',
      left: 'x',
      right: null
    })
    expect(followCompare(followed(compareLink(scope, compareViewSchema.parse({}))), ['a']).runIds).toBeNull()
  })

  it.each([
    {},
    {
      filter: '512',
      hidden: [],
      pinned: [],
      sorting: [
        { id: 'accuracy', desc: true },
        { id: 'seed', desc: false }
      ]
    },
    { groupBy: 'target', differencesOnly: true, archived: true, baselineId: 'a', hidden: ['seed'] }
  ])('of Runs is the same for %j', (part) => {
    const view = runsViewSchema.parse(part)
    expect(followRuns(followed(runsLink(view)))).toEqual(view)
  })

  it('has its default where a link says what this version does not know', () => {
    const link = followedLink(new URLSearchParams('metric=F1&average=macro&order=7&target=bert'))
    expect(followCombinations(link)).toEqual(
      combinationsViewSchema.parse({ average: 'macro', target: 'bert' })
    )
  })
})
