/** One prompt: where it comes from, how it is used, how it does, and its vectors among the words of its model. */
import { Alert, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { Prompt } from '#engine/common/contract/prompts.ts'
import type { ModelEntry } from '#preload/contract/model-methods.ts'
import type { PromptSummary } from '#preload/contract/prompt-methods.ts'
import { type Fact, FactTable } from '#renderer/components/fact-table.tsx'
import { Answer } from '#renderer/components/screen.tsx'
import { useEvaluations, useModels } from '#renderer/connection/queries.ts'
import { useWorkbench } from '#renderer/connection/workbench.tsx'
import { modelOf } from '#renderer/mix/mix-choice.ts'
import { EvaluationTable } from '#renderer/tasks/evaluation-table.tsx'
import { Origin } from './origin.tsx'
import { PromptPicture } from './prompt-picture.tsx'
import { VectorTable } from './vector-table.tsx'

export function PromptDetails({ summary }: { summary: PromptSummary }) {
  const { call } = useWorkbench()
  const { id } = summary
  const prompt = useQuery({ queryKey: ['prompts', 'one', id], queryFn: () => call('prompts.get', { id }) })
  const models = useModels()
  return (
    <Answer query={prompt}>
      {(found) => (
        <Answer query={models}>
          {(list) => <Details id={id} prompt={found} model={modelOf(summary, list)} />}
        </Answer>
      )}
    </Answer>
  )
}

const positions: Record<Prompt['position'], string> = {
  'before-everything': 'before everything, special tokens too',
  'before-input': 'before the input',
  'after-input': 'after the input',
  template: 'where the template says',
  unknown: 'not known'
}

function facts({ model, task, relation, position, template }: Prompt): Fact[] {
  return [
    ['Model', model.name],
    ['Relation', relation],
    ['Task', relation === task ? null : task],
    ['Position', positions[position]],
    ['Template', template]
  ]
}

type Props = { id: string; prompt: Prompt; model: ModelEntry | undefined }

function Details({ id, prompt, model }: Props) {
  return (
    <Stack>
      {prompt.warnings.map((warning) => (
        <Alert key={warning} color="yellow" variant="light">
          {warning}
        </Alert>
      ))}
      <FactTable label="Facts" facts={facts(prompt)} />
      <Origin origin={prompt.origin} />
      <Evaluations id={id} />
      <VectorTable id={id} vectors={prompt.vectors} model={model} />
      {model === undefined ? (
        <Text className="quiet">
          Its model is not in the project, so its words are not known: add it on the screen Models.
        </Text>
      ) : (
        <PromptPicture id={id} model={model} />
      )}
    </Stack>
  )
}

function Evaluations({ id }: { id: string }) {
  const evaluations = useEvaluations()
  const own = evaluations.data?.filter(({ promptId }) => promptId === id) ?? []
  if (own.length === 0) return null
  return (
    <Stack gap="xs">
      <Title order={3} size="h5">
        Evaluations
      </Title>
      <EvaluationTable evaluations={own} />
    </Stack>
  )
}
