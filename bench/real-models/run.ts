/**
 * `npm run bench:real-models`: the whole way between two real language models, SmolLM2-135M and Gemma 3 270M: prompts of the one transferred to the other,
 * refined there without labels, and what they are held against. Accuracies are P@1 within the answers of a relation.
 *
 * `ANCHORAGE_REAL_WEIGHTS` names the folder with both models, as folders or as the `.gguf` files that they come in; where it
 * does not, this says so and measures nothing. `ANCHORAGE_SHARED` names the folder with `data/trex`, where that does not lie
 * beside the project. `ANCHORAGE_KEEP` names a file for the answers as they come, by which a run that was ended goes on.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { anchorRecipeSchema } from '#engine/common/contract/anchors.ts'
import { openModel } from '#engine/models/open-model.ts'
import { engineInProcess } from '#test/support/engine-in-process.ts'
import { drawFacts, type RelationFacts } from './facts.ts'
import { keepAnswers } from './kept-answers.ts'
import { askSource, askTarget, type Pair, type Sent, tuneOnTarget } from './measure.ts'
import { findPlaces, type Places } from './places.ts'
import { printTransfers, printTuned, type Right } from './tables.ts'
import { refinedFrom, ways } from './ways.ts'

const relations = ['P36', 'P103', 'P17', 'P37', 'P30', 'P140']
/** Tuning on the target takes some ten minutes a relation. */
const tuned = ['P36', 'P103']

async function openPair({ source, target, data }: Places): Promise<Pair> {
  const engine = engineInProcess()
  const models = [{ folder: source }, { folder: target }]
  const { anchors } = await engine.call('anchors.build', {
    name: 'shared',
    models,
    recipe: anchorRecipeSchema.parse({})
  })
  const kept = await keepAnswers(process.env['ANCHORAGE_KEEP'])
  return { engine, source, target, anchors, metainfo: join(data, 'LAMA_relations.jsonl'), kept }
}

async function measure(places: Places, folder: string): Promise<void> {
  const pair = await openPair(places)
  process.stdout.write(`${pair.anchors.length} anchors\n`)
  const models = [await openModel({ folder: places.source }), await openModel({ folder: places.target })]
  const tokenizers = models.map(({ tokenizer }) => tokenizer)
  const work: { readonly relation: string; readonly facts: RelationFacts; readonly sent: Sent }[] = []
  for (const relation of relations) {
    const facts = await drawFacts(relation, join(places.data, 'trex'), folder, tokenizers)
    work.push({ relation, facts, sent: await askSource(relation, facts, pair) })
  }
  for (const { relation, facts, sent } of work) await askTarget(relation, facts, sent, ways, pair)
  const right: Right = async (name) =>
    (await pair.kept.once(name, () => Promise.reject(new Error(name)))).right
  await printTransfers(relations, ways, right, pair)
  for (const { relation, facts, sent } of work.filter(({ relation }) => tuned.includes(relation)))
    await tuneOnTarget(relation, facts, sent, refinedFrom, pair)
  await printTuned(tuned, refinedFrom, right)
}

const places = await findPlaces()
if (typeof places === 'string') process.stdout.write(`${places}\n`)
else {
  const folder = await mkdtemp(join(tmpdir(), 'anchorage-real-models-'))
  try {
    await measure(places, folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
