import type { ChildProcess } from 'node:child_process'
import { access, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { readPrompt } from '#engine/prompts/read-prompt.ts'
import { describeProject } from '#main/project/describe-project.ts'
import { anchorage, withoutProgress } from '#test/support/command-line.ts'
import { writePromptTree } from '#test/support/prompt-trees.ts'
import { referenceModelFolder } from '#test/support/reference-models.ts'
import { temporaryFolder } from '#test/support/temporary-folder.ts'

const bert = referenceModelFolder('bert')
const roberta = referenceModelFolder('roberta')
const gpt2 = referenceModelFolder('gpt2')

/** A working folder with prompts of three relations for two sources. */
async function workingFolder(): Promise<string> {
  const folder = await temporaryFolder()
  await writePromptTree(join(folder, 'bert'), ['P19', 'P36', 'P103'], 5, 32)
  await writePromptTree(join(folder, 'roberta'), ['P19', 'P36', 'P140'], 5, 48)
  return folder
}

function twoSources(folder: string, ...more: string[]): string[] {
  return [
    ...['transfer', '--source', bert, '--prompt', join(folder, 'bert')],
    ...['--source', roberta, '--prompt', join(folder, 'roberta'), '--vectors', '5'],
    ...['--target', gpt2, '--device', 'cpu', '--out', join(folder, 'out')],
    ...['--project', join(folder, 'p.anchorage'), ...more]
  ]
}

/** Sends Ctrl-C once so many runs are stored. */
async function interruptAfter(runs: number, project: string, child: ChildProcess): Promise<void> {
  while (child.exitCode === null) {
    await setTimeout(50)
    const stored = await describeProject(project).then(
      ({ runCount }) => runCount,
      // Not made yet.
      () => 0
    )
    if (stored >= runs) break
  }
  child.kill('SIGINT')
}

// Each test starts the program several times.
describe('anchorage transfer', { timeout: 180_000 }, () => {
  it('carries a tree from two sources, records it in one file and exports prompts that load again', async () => {
    const folder = await workingFolder()
    const { code, out, err } = await anchorage(['--json', ...twoSources(folder)])
    expect(withoutProgress(err)).toBe('')
    expect(code).toBe(0)
    const result = JSON.parse(out)
    expect(result.job.state).toBe('finished')
    expect(result.runs).toHaveLength(2)
    for (const run of result.runs) {
      expect(run.manifest.sources.map((source: { weight: number }) => source.weight)).toEqual([1, 1])
      expect(run.manifest.anchors.count).toBe(160)
      for (const vector of run.report.vectors) {
        expect(vector.matching).toBeLessThanOrEqual(2 * vector.upperBound + 1e-9)
        expect(vector.perSource[0] + vector.perSource[1]).toBeCloseTo(vector.matching, 9)
      }
    }
    expect((await readdir(join(folder, 'out'))).sort()).toEqual([
      'P19',
      'P19.manifest.json',
      'P36',
      'P36.manifest.json'
    ])
    const prompt = await readPrompt({ path: join(folder, 'out/P36/prompt_vecs.npy'), vectors: 5 })
    expect([prompt.vectors.rows, prompt.vectors.columns]).toEqual([5, 40])
    expect((await readdir(folder)).filter((name) => name.startsWith('p.anchorage'))).toEqual(['p.anchorage'])
  })

  it('gives the same prompts when it is run again, and keeps each run once', async () => {
    const folder = await workingFolder()
    await anchorage(twoSources(folder))
    const first = await readPrompt({ path: join(folder, 'out/P19/prompt_vecs.npy'), vectors: 5 })
    expect((await anchorage(twoSources(folder, '--overwrite'))).code).toBe(0)
    const second = await readPrompt({ path: join(folder, 'out/P19/prompt_vecs.npy'), vectors: 5 })
    expect(second.vectors.data).toEqual(first.vectors.data)
    const { out } = await anchorage(['--json', 'project', 'info', join(folder, 'p.anchorage')])
    const info = JSON.parse(out)
    expect(info.runCount).toBe(2)
    expect(info.models.map((model: { name: string }) => model.name)).toEqual([
      'tiny-bert',
      'tiny-gpt2',
      'tiny-roberta'
    ])
    // Two trees of three prompts, and two results: what is known already is not kept twice.
    expect(info.prompts).toHaveLength(8)
  })

  it('keeps what is finished when it is interrupted, and resumes the rest', async () => {
    const folder = await workingFolder()
    const project = join(folder, 'p.anchorage')
    const seeds = Array.from({ length: 8 }, (_, seed) => seed).join(',')
    const slow = twoSources(folder, '--method', 'adam', '--steps', '1500', '--seeds', seeds)
    const { code } = await anchorage(slow, (child) => void interruptAfter(2, project, child))
    expect(code).toBe(130)
    const before = await describeProject(project)
    expect(before.jobs[0]?.state).toBe('cancelled')
    const cells = before.jobs[0]?.cells
    expect(cells?.finished).toBeGreaterThanOrEqual(2)
    expect(cells?.cancelled).toBe(16 - (cells?.finished ?? 0))
    expect(cells?.cancelled).toBeGreaterThan(0)
    expect(before.runCount).toBe(cells?.finished)

    const resumed = await anchorage(['project', 'resume', project])
    expect(resumed.code).toBe(0)
    const after = await describeProject(project)
    expect(after.jobs[0]?.cells.finished).toBe(16)
    expect(after.runCount).toBe(16)
  })

  it('exports a project in another format', async () => {
    const folder = await workingFolder()
    await anchorage(twoSources(folder))
    const out = join(folder, 'peft')
    const exported = await anchorage([
      ...['project', 'export', join(folder, 'p.anchorage'), '--out', out, '--format', 'peft']
    ])
    expect(exported.code).toBe(0)
    await access(join(out, 'P19', 'adapter_config.json'))
    const prompt = await readPrompt({ path: join(out, 'P19') })
    expect(prompt.vectors.rows).toBe(5)
  })
})

describe('what it refuses', () => {
  it.each([
    ['a prompt of another width, naming the models that fit', ['--prompt', 'roberta'], 1, 'as wide'],
    ['a source without a prompt', [], 2, '--prompt'],
    ['λ of the baseline for the exact search', ['--prompt', 'bert', '--lambda', '0.1'], 1, '--ridge'],
    ['a model folder that is not there', ['--prompt', 'bert', '--target', 'nowhere'], 1, 'There is no model']
  ])('%s', async (_, options, exitCode, message) => {
    const folder = await workingFolder()
    const resolved = options.map((option) =>
      ['bert', 'roberta', 'nowhere'].includes(option) ? join(folder, option) : option
    )
    const { code, err } = await anchorage([
      ...['transfer', '--source', bert, '--target', gpt2, '--vectors', '5', '--device', 'cpu'],
      ...['--out', join(folder, 'out'), '--project', join(folder, 'p.anchorage'), ...resolved]
    ])
    expect(code).toBe(exitCode)
    expect(err).toContain(message)
    await expect(access(join(folder, 'out'))).rejects.toThrow()
  })

  it('an option that it does not know, with exit code 2', async () => {
    const { code, err } = await anchorage(['project', 'info', 'p.anchorage', '--frobnicate'])
    expect(code).toBe(2)
    expect(err).toContain('--frobnicate')
  })

  it('a project that is not one', async () => {
    const folder = await workingFolder()
    await writeFile(
      join(folder, 'p.anchorage'),
      'not a database, but long enough to be looked at as one'.repeat(40)
    )
    const { code, err } = await anchorage(twoSources(folder))
    expect(code).toBe(1)
    expect(err).toContain('p.anchorage')
  })
})
