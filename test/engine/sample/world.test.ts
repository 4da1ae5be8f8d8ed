import { resolve } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { readTask } from '#engine/evaluation/read-task.ts'
import { createCorpus } from '#engine/sample/world/corpus.ts'
import { readWorld, type World } from '#engine/sample/world/read-world.ts'
import { writeTasks } from '#engine/sample/world/write-tasks.ts'
import { temporaryFolder } from '#test/support/temporary-folder.ts'

let world: World
beforeAll(async () => {
  world = await readWorld(resolve(import.meta.dirname, '../../../assets/sample/world'))
})

function sentences(seed: number, count: number): string[] {
  const next = createCorpus(world, seed)
  return Array.from({ length: count }, next)
}

describe('the small world', () => {
  it('has at least twelve relations of 60 to 200 facts, each with a dozen wordings of its own', () => {
    const usual = world.relations.filter(({ facts }) => facts.length >= 60 && facts.length <= 200)
    expect(usual.length).toBeGreaterThanOrEqual(12)
    for (const { relation, paraphrases, template } of world.relations) {
      expect(new Set(paraphrases).size, relation).toBeGreaterThanOrEqual(12)
      expect(paraphrases, relation).not.toContain(template)
    }
  })

  it('has one word for every name and answer, and no name in two tables', () => {
    const names = [...world.names.values()].flat()
    const answers = world.relations.flatMap(({ facts }) => facts.map(({ object }) => object))
    for (const word of [...names, ...answers]) expect(word).toMatch(/^[A-Za-z]+$/)
    expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(names.length)
  })

  it('says one thing of a subject in each relation', () => {
    for (const { relation, facts } of world.relations) {
      expect(new Set(facts.map(({ subject }) => subject)).size, relation).toBe(facts.length)
    }
  })

  it('speaks of 1,500 to 3,000 words', () => {
    const words = new Set(sentences(1, 40_000).flatMap((sentence) => sentence.split(' ')))
    expect(words.size).toBeGreaterThan(1500)
    expect(words.size).toBeLessThan(3000)
  })
})

describe('the corpus', () => {
  it('is the same for the same seed and another for another', () => {
    expect(sentences(5, 200)).toEqual(sentences(5, 200))
    expect(sentences(5, 200)).not.toEqual(sentences(6, 200))
  })

  it('states every fact', () => {
    const facts = world.relations.flatMap((relation) => relation.facts)
    const unsaid = new Map<string, Set<string>>()
    for (const { subject, object } of facts)
      unsaid.set(subject, (unsaid.get(subject) ?? new Set()).add(object))
    for (const sentence of sentences(3, 120_000)) {
      const words = sentence.split(' ')
      for (const word of words) for (const other of words) unsaid.get(word)?.delete(other)
    }
    expect([...unsaid].filter(([, objects]) => objects.size > 0)).toEqual([])
  })

  it('never uses the wording of a manual template', () => {
    const manual = world.relations.flatMap(({ template, facts }) =>
      facts.map(({ subject, object }) => template.replace('[X]', subject).replace('[Y]', object))
    )
    const stated = new Set(manual.map((sentence) => sentence.replace(/ \.$/, '')))
    for (const sentence of sentences(4, 30_000)) {
      for (const part of sentence.replace(/ \.$/, '').split(' , and '))
        expect(stated.has(part), part).toBe(false)
    }
  })
})

describe('the task files', () => {
  it('are read like the real ones, with every fact in one split', async () => {
    const folder = await temporaryFolder()
    await writeTasks(world, folder, 1)
    for (const { relation, facts, template } of world.relations) {
      const task = await readTask({ kind: 'relation', folder: `${folder}/relations/${relation}` })
      const { train, dev, test } = task.splits
      expect(task.template, relation).toBe(template)
      const found = [...train, ...dev, ...test].map(({ input, label }) => `${input} ${label}`)
      expect(found.sort()).toEqual(facts.map(({ subject, object }) => `${subject} ${object}`).sort())
    }
  })

  it('are those that ship', async () => {
    const folder = await temporaryFolder()
    await writeTasks(world, folder, 1)
    const shipped = resolve(import.meta.dirname, '../../../assets/sample/tasks')
    for (const source of [folder, shipped]) {
      const task = await readTask({ kind: 'relation', folder: `${source}/relations/capital` })
      expect(task.splits.test[0]).toMatchObject({ id: 'capital-test-0' })
    }
    const [made, kept] = await Promise.all(
      [folder, shipped].map((source) => readTask({ kind: 'relation', folder: `${source}/relations/capital` }))
    )
    expect(kept).toEqual(made)
  })

  it('hold labelled texts for two classification tasks', async () => {
    const folder = await temporaryFolder()
    await writeTasks(world, folder, 1)
    for (const [name, count] of [
      ['sentiment', 2],
      ['topic', 6]
    ] as const) {
      const labels = Object.entries(world.classification[name].labels)
      expect(labels).toHaveLength(count)
      const task = await readTask({
        kind: 'classification',
        name,
        files: { train: `${folder}/${name}/train.tsv`, test: `${folder}/${name}/test.tsv` },
        labelWords: Object.fromEntries(labels.map(([label, { word }]) => [label, word])),
        template: world.classification[name].template
      })
      expect(task.splits.train).toHaveLength(160)
      expect(task.splits.test).toHaveLength(200)
      const texts = [...task.splits.train, ...task.splits.test].map(({ input }) => input)
      expect(new Set(texts).size).toBe(texts.length)
    }
  })
})
