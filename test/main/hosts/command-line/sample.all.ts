/** The sample from end to end: what it prints, and how much its models know. */
import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { describeProject } from '#main/project/describe-project.ts'
import { anchorage } from '#test/support/command-line.ts'
import { temporaryFolder } from '#test/support/temporary-folder.ts'

const shipped = resolve(import.meta.dirname, '../../../../assets/sample')

type Row = {
  target: string
  method: string
  sources: string[]
  accuracy: number
  facts: number
  matching: number | null
}

describe('anchorage sample', () => {
  it('shows that transferred prompts beat random ones, and two sources each one alone', async () => {
    const folder = await temporaryFolder()
    const { code, out } = await anchorage(['--json', 'sample', '--out', folder])
    expect(code).toBe(0)
    const { rows }: { rows: Row[] } = JSON.parse(out)
    expect(rows).toHaveLength(12)
    for (const target of ['bert-large', 'roberta-large']) {
      const of = (method: string): Row => {
        const row = rows.find((one) => one.target === target && one.method === method)
        if (row === undefined) throw new Error(`no row ${method} for ${target}`)
        return row
      }
      expect(of('manual').facts).toBe(1182)
      const both = of('bert-small + roberta-small')
      for (const source of ['bert-small', 'roberta-small']) {
        expect(of(source).accuracy).toBeGreaterThan(3 * of('random').accuracy)
        expect(both.accuracy).toBeGreaterThan(of(source).accuracy)
      }
      expect(of('direct tuning').accuracy).toBeGreaterThan(both.accuracy)
    }
    const project = await describeProject(join(folder, 'sample.anchorage'))
    // Of each target and relation: three sets of sources, random vectors, the manual template, the target's own prompt.
    expect(project.runCount).toBe(2 * 6 * 22)
  })

  it('recalls as many facts as was recorded of the models', async () => {
    const record: { name: string; factRecall: number }[] = JSON.parse(
      await readFile(join(shipped, 'models/record.json'), 'utf8')
    )
    const relations = join(shipped, 'tasks/relations')
    const vocabulary = join(shipped, 'tasks/common_vocabulary.txt')
    for (const name of ['albert', 'gpt2']) {
      const { code, out } = await anchorage([
        ...['--json', 'evaluate', join(shipped, 'models', name), '--relations', relations],
        ...['--common-vocabulary', vocabulary, '--manual', '--device', 'cpu']
      ])
      expect(code).toBe(0)
      const recalled = JSON.parse(out).averages[0].micro
      expect(Math.abs(recalled - (record.find((one) => one.name === name)?.factRecall ?? 0))).toBeLessThan(
        0.005
      )
    }
  })
})
