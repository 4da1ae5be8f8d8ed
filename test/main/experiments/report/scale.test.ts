import { describe, expect, it } from 'vitest'
import { makeScale } from '#main/experiments/report/charts/scale.ts'

const labels = (scale: ReturnType<typeof makeScale>): string[] => scale.ticks.map(({ label }) => label)

describe('the scale of an axis', () => {
  it('ends at round numbers around the values', () => {
    const scale = makeScale({ label: '' }, [0.13, 0.47], [0, 100])
    expect(labels(scale)).toEqual(['0.1', '0.2', '0.3', '0.4', '0.5'])
    expect(scale.at(0.1)).toBeCloseTo(0, 9)
    expect(scale.at(0.5)).toBeCloseTo(100, 9)
  })

  it('includes what it is asked to, and stands a single value', () => {
    expect(labels(makeScale({ label: '' }, [42, 61], [0, 100], [0]))[0]).toBe('0')
    const single = makeScale({ label: '' }, [3], [0, 100])
    expect(single.at(3)).toBeGreaterThanOrEqual(0)
    expect(single.at(3)).toBeLessThanOrEqual(100)
  })

  it('can run the other way, and give each category its place', () => {
    const reversed = makeScale({ label: '', reversed: true }, [0, 1], [0, 100])
    expect([reversed.at(0), reversed.at(1)]).toEqual([100, 0])
    const scale = makeScale({ label: '', categories: ['a', 'b'] }, [], [0, 100])
    expect([scale.at(0), scale.at(1)]).toEqual([25, 75])
    expect(labels(scale)).toEqual(['a', 'b'])
  })
})
