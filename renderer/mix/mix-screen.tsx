/** Mixing: prompts of several sources transferred to a target, the figures following the weights. */
import { Anchor } from '@mantine/core'
import { ProjectLists } from '#renderer/components/project-lists.tsx'
import { EmptyState, Screen } from '#renderer/components/screen.tsx'
import type { Lists } from '#renderer/connection/lists.ts'
import { useView } from '#renderer/connection/view.ts'
import { mixChoiceSchema, modelOf } from './mix-choice.ts'
import { MixWorkplace } from './mix-workplace.tsx'

/** What the project needs before anything can be mixed, with the screen where it is made; null where it has it. */
function missingPart({ models, prompts, sets }: Lists) {
  if (models.length === 0)
    return {
      text: 'Add the models: sources that prompts were tuned on, and a target.',
      path: '/models',
      screen: 'Models'
    }
  if (!prompts.some((prompt) => modelOf(prompt, models) !== undefined))
    return {
      text: 'Import a prompt that was tuned on one of the models.',
      path: '/prompts',
      screen: 'Prompts'
    }
  if (sets.length === 0)
    return {
      text: 'Build a set of anchors, the words that sources and target share, and keep it.',
      path: '/anchors',
      screen: 'Anchors'
    }
  return null
}

export function MixScreen() {
  return (
    <Screen
      title="Mix"
      lead="Transfer prompts to a target model: each source is solved once, mixtures follow the weights."
    >
      <ProjectLists>{(lists) => <Ready lists={lists} />}</ProjectLists>
    </Screen>
  )
}

function Ready({ lists }: { lists: Lists }) {
  const missing = missingPart(lists)
  if (missing === null) return <Kept lists={lists} />
  return (
    <EmptyState
      title="Not enough to mix yet"
      text={missing.text}
      action={<Anchor href={`#${missing.path}`}>Go to {missing.screen}</Anchor>}
    />
  )
}

function Kept({ lists }: { lists: Lists }) {
  const [stored, keep] = useView('mix', mixChoiceSchema)
  return <MixWorkplace lists={lists} stored={stored} onChange={keep} />
}
