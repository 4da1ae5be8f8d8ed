/** Folders without an ONNX graph, opened, evaluated and tuned on the graph that is written from their weights. */
import { cp, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { evaluationRequestSchema } from '#engine/common/contract/evaluation.ts'
import { tuningRequestSchema } from '#engine/common/contract/tuning.ts'
import { runEvaluation } from '#engine/evaluation/run-evaluation.ts'
import { inspectGraph } from '#engine/language-model/inspect-graph.ts'
import { openModel } from '#engine/models/open-model.ts'
import { runTuning } from '#engine/tuning/run-tuning.ts'
import { architectureFixtures } from '#test/support/families.ts'
import { temporaryFolder } from '#test/support/temporary-folder.ts'
import { wordFacts, wordRelation } from '#test/support/word-tasks.ts'

const specials = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]']
const words = ['is', 'in', '.', 'spain', 'canada', ...wordFacts().flatMap(({ sub, obj }) => [sub, obj])]

/** A fixture with a tokenizer for the words of the task. */
async function modelFolder(family: string): Promise<string> {
  const folder = await temporaryFolder()
  await cp(join(architectureFixtures, family), folder, { recursive: true })
  const known = [...new Set([...specials, ...words])]
  const others = Array.from({ length: 96 - known.length }, (_, index) => `other${index}`)
  await writeFile(join(folder, 'vocab.txt'), `${[...known, ...others].join('\n')}\n`)
  return folder
}

const context = { signal: new AbortController().signal, progress: () => {} }

describe.each(['bert', 'llama', 'mt5'])('a folder of %s without an ONNX graph', (family) => {
  it('says that its graph is written, and what a query takes', async () => {
    const folder = await modelFolder(family)
    const { report } = await openModel({ folder })
    expect(report.graph.file).toBe('model.safetensors')
    expect(report.graph.note).toMatch(/written from config\.json and model\.safetensors; .* GB of memory/)
    const graph = await inspectGraph({ folder })
    expect(graph.obstacles).toEqual([])
    expect(graph.answers.isRestricted).toBe(true)
    expect(graph.graft.firstVirtualToken).toBe(96)
  })

  it('is tuned, and the tuned prompt is better on the task than random vectors', async () => {
    const folder = await modelFolder(family)
    const relation = await wordRelation()
    const task = {
      kind: 'relation',
      folder: relation.folder,
      commonVocabulary: relation.commonVocabulary
    } as const
    const tuned = await runTuning(
      tuningRequestSchema.parse({
        model: { folder },
        task,
        start: { kind: 'random', vectors: 3 },
        settings: { learningRate: 0.05, epochs: 30, batchSize: 12, lossOver: 'candidates' },
        seed: 1
      }),
      'cpu',
      context
    )
    expect(tuned.loss[29]).toBeLessThan(0.9 * tuned.loss[0])
    const { conditions } = await runEvaluation(
      evaluationRequestSchema.parse({
        model: { folder },
        task,
        conditions: [
          { kind: 'prompt', name: 'tuned', vectors: tuned.prompt, template: tuned.template },
          { kind: 'random', name: 'random', vectors: 3, seed: 5 }
        ]
      }),
      'cpu',
      context
    )
    const [best, worse] = conditions.map(({ scores }) => scores.meanLoss)
    expect(best).toBeLessThan(worse)
  })
})
