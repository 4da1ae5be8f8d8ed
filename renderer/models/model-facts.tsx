/** The figures of a model: its table, its tokenizer, and remarks on both. */
import { List, Text } from '@mantine/core'
import { count } from '#engine/common/format/count.ts'
import type { ModelEntry } from '#preload/contract/model-methods.ts'
import { type Fact, FactTable } from '#renderer/components/fact-table.tsx'
import { figure } from '#renderer/components/numbers.ts'

/** How far the hashing of weights is. */
export function hashingText(hashing: ModelEntry['hashing']): string {
  return hashing === null
    ? 'not hashed yet'
    : `hashing, ${Math.floor((100 * hashing.done) / hashing.total)} %`
}

function factsOf({ report, weights, hashing }: ModelEntry): Fact[] {
  const { table, tokenizer, paddingRows, graph } = report
  const padding = paddingRows === 0 ? '' : `, ${count(paddingRows)} without a token`
  return [
    ['Width', count(report.width)],
    ['Vocabulary', `${count(report.vocabularySize)} tokens${padding}`],
    ['Mean', figure(report.mean)],
    ['Embedding SD', figure(report.standardDeviation)],
    ['Tokenizer', `${tokenizer.kind}${tokenizer.lowercases ? ', lower-cases' : ''}`],
    ['Mask token', tokenizer.maskToken ?? 'none'],
    ['Table', `${table.tensor} (${table.dtype}, ${table.shape.join(' × ')}) in ${table.file}`],
    ['Graph', graph.file ?? 'none'],
    ['Weights', weights === null ? hashingText(hashing) : `SHA-256 ${weights.slice(0, 16)}…`]
  ]
}

export function ModelFacts({ model }: { model: ModelEntry }) {
  const { report, reference } = model
  const remarks = [...(report.alternatives.length > 0 ? [report.choice] : []), ...report.notes]
  return (
    <>
      <FactTable label={`Figures of ${report.name}`} facts={factsOf(model)} nameWidth="40%" />
      {remarks.length > 0 && (
        <List size="sm">
          {remarks.map((remark) => (
            <List.Item key={remark} className="breakable">
              {remark}
            </List.Item>
          ))}
        </List>
      )}
      <Text size="xs" className="quiet breakable">
        {reference.folder}
      </Text>
    </>
  )
}
