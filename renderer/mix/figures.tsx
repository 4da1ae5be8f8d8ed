/** The large figures above a mixture. */
import { Card, SimpleGrid, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { errorToData } from '#engine/common/contract/errors.ts'
import { isRetrievalLow, type Retrieval } from '#engine/common/contract/retrieval.ts'
import { cosine as cosineText, percent } from '#renderer/components/numbers.ts'
import type { Accuracy } from './mixture-points.ts'
import type { FoundSample } from './task-sample.ts'

export function Figures({ children }: { children: ReactNode }) {
  return (
    <SimpleGrid cols={{ base: 2, lg: 4 }} spacing="sm">
      {children}
    </SimpleGrid>
  )
}

type FigureProps = {
  title: string
  value: string
  hint: string
  /** Newer ones are being asked. */
  isBehind?: boolean
}

export function Figure({ title, value, hint, isBehind = false }: FigureProps) {
  return (
    <Card withBorder padding="sm" role="group" aria-label={title}>
      <Text size="sm" className="quiet">
        {title}
      </Text>
      <Text size="xl" fw={700} className="figure" role="status" data-behind={isBehind}>
        {value}
      </Text>
      <Text size="xs" className="quiet">
        {hint}
      </Text>
    </Card>
  )
}

type AccuracyProps = {
  found: FoundSample
  accuracy: Accuracy | null
  /** What it is held against on the same examples, such as `manual 77.8 %`. */
  references: readonly string[]
  /** Newer weights are being asked. */
  isBehind: boolean
  error: Error | null
}

/** Accuracy with its N and interval, or why there is none. */
export function AccuracyFigure({
  found: { sample, hindrance },
  accuracy,
  references,
  isBehind,
  error
}: AccuracyProps) {
  const title = 'Accuracy'
  if (error !== null) return <Figure title={title} value="–" hint={errorToData(error).message} />
  if (sample === null)
    return <Figure title={title} value="–" hint={hindrance ?? 'Choose a task to see it.'} />
  const where = `${sample.name}, ${sample.split} split`
  if (accuracy === null) return <Figure title={title} value="…" hint={`asking ${where}`} isBehind />
  const { low, high, examples } = accuracy
  return (
    <Figure
      title={title}
      value={percent(accuracy.accuracy)}
      hint={[
        `95 %: ${percent(low)} to ${percent(high)}; N = ${examples} of ${where}`,
        ...(references.length > 0 ? [`beside it ${references.join(', ')}`] : [])
      ].join('; ')}
      isBehind={isBehind}
    />
  )
}

/** Held-out anchors found again: whether the mixture can be trusted; null: too few anchors. */
export function RetrievalFigure({
  retrieval,
  isBehind
}: {
  retrieval: Retrieval | null | undefined
  isBehind: boolean
}) {
  const title = 'Retrieval'
  if (retrieval === undefined) return <Figure title={title} value="…" hint="of held-out anchors" isBehind />
  if (retrieval === null) return <Figure title={title} value="–" hint="too few anchors to hold some out" />
  const { hit1, hit10, cosine, heldOut } = retrieval
  const warning = isRetrievalLow(retrieval) ? 'low: centre the anchors, or try a larger λ; ' : ''
  return (
    <Figure
      title={title}
      value={percent(hit1)}
      hint={`${warning}hit@10 ${percent(hit10)}, mean cosine ${cosineText(cosine)} of ${heldOut} held-out anchors`}
      isBehind={isBehind}
    />
  )
}
