/** The figures of the mixture at hand: matching with every move of a slider, words and accuracy a moment later. */
import { Stack } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQueries, useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { mix } from '#engine/common/mixing/mixing.ts'
import { cosine } from '#renderer/components/numbers.ts'
import { useWorkbench } from '#renderer/connection/workbench.tsx'
import { AccuracyFigure, Figure, Figures, RetrievalFigure } from './figures.tsx'
import { withWeights } from './mix-choice.ts'
import { cornersOf, meanMatching, meanRandom, meanUpperBound, type Weights } from './mixture-points.ts'
import type { FoundSample, TaskSample } from './task-sample.ts'
import type { SolvedMixture } from './use-basis.ts'
import { useReferences } from './use-references.ts'
import { accuracyOf } from './use-sampled.ts'
import { VectorTable } from './vector-table.tsx'

const wordsPause = 80
const accuracyPause = 400
const wordsShown = 5

type Props = {
  solved: SolvedMixture
  /** One per source, above 0; the same list as long as they are the same. */
  weights: Weights
  names: readonly string[]
  sample: FoundSample
}

/** Asks for the words nearest to the vectors of a mixture, by vector. */
function useWordsQuery({ sides, basis }: SolvedMixture) {
  const { call } = useWorkbench()
  return (weights: Weights) => ({
    queryKey: ['mix', 'words', sides, weights],
    queryFn: async ({ signal }: { signal: AbortSignal }): Promise<string[][]> => {
      const { prompt: vectors } = mix(basis, weights)
      const order = { modelId: sides.targetId, vectors, count: wordsShown }
      const described = await call('prompts.describe', order, { signal })
      return described.map(({ nearestWords }) => nearestWords.map(({ token }) => token))
    }
  })
}

/** What the words nearest to the mixed vectors are, asked a moment after the last move. */
function useWords(solved: SolvedMixture, weights: Weights): string[][] {
  const queryOf = useWordsQuery(solved)
  const [settled] = useDebouncedValue(weights, wordsPause)
  const { data = [] } = useQuery({ ...queryOf(settled), placeholderData: keepPreviousData })
  return data
}

/** The same of every source by itself, where there are several: `[sources][vectors]`. */
function useWordsBySource(solved: SolvedMixture, { length }: Weights): string[][][] {
  const queryOf = useWordsQuery(solved)
  return useQueries({
    queries: length > 1 ? cornersOf(length).map(queryOf) : [],
    combine: (results) => results.map(({ data = [] }) => data)
  })
}

function useAccuracy({ sides, basis }: SolvedMixture, weights: Weights, sample: TaskSample | null) {
  const { call } = useWorkbench()
  const [settled] = useDebouncedValue(weights, accuracyPause)
  const asked = useQuery({
    queryKey: ['mix', 'accuracy', sides, settled, sample],
    enabled: sample !== null,
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) => {
      if (sample === null) return null
      const { targetId, sources } = sides
      const { taskId, split, limit } = sample
      const promptIds = sources.map(({ promptId }) => promptId)
      const prompts = [mix(basis, settled).prompt]
      const [scores] = await call(
        'mix.sample',
        { targetId, promptIds, prompts, taskId, split, limit },
        { signal }
      )
      return scores === undefined ? null : accuracyOf(scores)
    }
  })
  return { ...asked, isBehind: asked.isPlaceholderData || settled !== weights }
}

/** The check of the condition, which the engine keeps: it does not depend on the prompts. */
function useRetrieval({ sides }: SolvedMixture, weights: Weights) {
  const { call } = useWorkbench()
  const [settled] = useDebouncedValue(weights, accuracyPause)
  const asked = useQuery({
    queryKey: ['mix', 'retrieval', sides, settled],
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => call('mix.retrieval', withWeights(sides, settled), { signal })
  })
  return { ...asked, isBehind: asked.isPlaceholderData || settled !== weights }
}

export function LiveMixture({ solved, weights, names, sample }: Props) {
  const mixture = useMemo(() => mix(solved.basis, weights), [solved, weights])
  const words = useWords(solved, weights)
  const wordsBySource = useWordsBySource(solved, weights)
  const retrieval = useRetrieval(solved, weights)
  const accuracy = useAccuracy(solved, weights, sample.sample)
  const references = useReferences(solved, names, sample.sample)
  return (
    <Stack gap="sm">
      <Figures>
        <Figure
          title="Mean matching"
          value={cosine(meanMatching(mixture, weights))}
          hint={`of the mixture with its sources (Eq. 7); random rows: ${cosine(meanRandom(mixture, weights))}`}
        />
        <RetrievalFigure retrieval={retrieval.data} isBehind={retrieval.isBehind} />
        <Figure
          title="Upper bound (J*)"
          value={cosine(meanUpperBound(mixture))}
          hint="the most that any vector of the target could match"
        />
        <AccuracyFigure
          found={sample}
          accuracy={accuracy.data ?? null}
          references={references}
          isBehind={accuracy.isBehind || accuracy.isFetching}
          error={accuracy.error}
        />
      </Figures>
      <VectorTable
        names={names}
        mixture={mixture}
        weights={weights}
        words={words}
        wordsBySource={wordsBySource}
      />
    </Stack>
  )
}
