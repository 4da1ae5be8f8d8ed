/**
 * Gives a language model virtual tokens: ids V .. V+m−1 stand for the rows of a new input `[m, e]`, all other
 * ids for the words of the table, as before. Prompt vectors can then stand anywhere in a sequence, several
 * times and differently in every row, and change between runs without the model being loaded again.
 *
 * Several prompts in one run: stack them to `[p·m, e]`; prompt `i` has the tokens V+i·m .. V+i·m+m−1.
 */
import { AnchorageError } from '#engine/common/contract/errors.ts'
import { dataTypes } from './build-messages.ts'
import { type EmbeddingLookup, findEmbeddingLookup } from './embedding-lookup.ts'
import { expandFusions } from './expansions/expand-fusions.ts'
import { lookupExpansions } from './expansions/table.ts'
import { continueGraph, type GraphBuilder } from './graph-builder.ts'
import { viewGraph } from './graph-view.ts'
import { insertNodes } from './insert-nodes.ts'
import type { ModelProto, NodeProto } from './messages.ts'
import { shareEqualLookups } from './share-lookups.ts'

/** The input of prompt vectors: float32 `[m, e]`, at least one row (any one will do where no virtual id occurs). */
export const promptInput = 'anchorage_prompt'

export type PromptGraft = {
  /** `V`: the id of the first virtual token. */
  readonly vocabularySize: number
  /** `e`, the width of prompt vectors. */
  readonly width: number
  /** Input of the token ids. */
  readonly idsInput: string
  /** Name of the table's initializer. */
  readonly table: string
}

function refuseSecondGraft(name: string): AnchorageError {
  return new AnchorageError('bad-argument', 'The model has virtual tokens already.', {
    where: name,
    found: `the input ${promptInput}`,
    next: 'Use the original export.'
  })
}

/** Ids with every virtual one replaced by 0, which indices are virtual, and their rows of the prompt. */
function splitIds(graph: GraphBuilder, ids: string, lookup: EmbeddingLookup) {
  const integer = (value: number): string =>
    lookup.indexType === 'int64'
      ? graph.initializer('virtual_tokens', 'int64', [], BigInt64Array.of(BigInt(value)))
      : graph.initializer('virtual_tokens', 'int32', [], Int32Array.of(value))
  const [first, zero] = [integer(lookup.vocabularySize), integer(0)]
  const isWord = graph.node('Less', [ids, first])
  return {
    isWord,
    wordIds: graph.node('Where', [isWord, ids, zero]),
    promptRows: graph.node('Where', [isWord, zero, graph.node('Sub', [ids, first])])
  }
}

/** Adds a last axis of size 1; the axes became an input with operator set 13. */
function unsqueezeLast(graph: GraphBuilder, value: string, opset: number): string {
  if (opset < 13) return graph.node('Unsqueeze', [value], { axes: { ints: [-1] } })
  const axes = graph.initializer('last_axis', 'int64', [1], BigInt64Array.of(-1n))
  return graph.node('Unsqueeze', [value, axes])
}

function replaceOutput(node: NodeProto, from: string, to: string): void {
  node.output = node.output.map((name) => (name === from ? to : name))
}

/**
 * Grafts the input {@link promptInput} on a model, in place. The logits of sequences without virtual ids stay
 * what they were, bit by bit (to rounding where the lookup was fused with what follows it, as it is then
 * computed in its parts); an id of V+m or more is an error of the run.
 * @param name what to call the model in errors
 * @throws AnchorageError `unsupported` that says which part of the pattern is missing
 */
export function graftPrompt(model: ModelProto, name: string): PromptGraft {
  if (model.graph.input.some((input) => input.name === promptInput)) throw refuseSecondGraft(name)
  expandFusions(model, lookupExpansions)
  shareEqualLookups(model)
  const view = viewGraph(model)
  const lookup = findEmbeddingLookup(view, name)
  const { gather, words, wordType, vocabularySize, width } = lookup
  const wordsNode = view.producer(words) ?? gather
  const graph = continueGraph(model)
  const ids = gather.input[1]
  const { isWord, wordIds, promptRows } = insertNodes(graph, 'before', gather, () =>
    splitIds(graph, ids, lookup)
  )
  gather.input = [gather.input[0], wordIds]

  const plainWords = graph.freshName(`${words}/words`)
  replaceOutput(wordsNode, words, plainWords)
  const prompt = graph.input(promptInput, 'float32', ['prompt_rows', width])
  insertNodes(graph, 'after', wordsNode, () => {
    const typed =
      wordType === dataTypes.float32 ? prompt : graph.node('Cast', [prompt], { to: { int: wordType } })
    const vectors = graph.node('Gather', [typed, promptRows])
    const chooseWord = unsqueezeLast(graph, isWord, view.opset() ?? 0)
    graph.namedNode(words, 'Where', [chooseWord, plainWords, vectors])
  })
  return { vocabularySize, width, idsInput: lookup.input, table: lookup.table.name }
}
