/** Mixing: prompts of several sources carried to a target, the figures following the weights. */
import { Anchor } from '@mantine/core'
import { Answer, EmptyState, Screen } from '../components/screen.tsx'
import { useAnchorSets, useModels, usePrompts, useTasks } from '../connection/queries.ts'
import { useView, useViews } from '../connection/view.ts'
import { type MixLists, mixChoiceSchema, modelOf } from './mix-choice.ts'
import { MixWorkplace } from './mix-workplace.tsx'

/** What the project needs before anything can be mixed, with the screen where it is made; null where it has it. */
function missingPart({ models, prompts, sets }: MixLists) {
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
  const models = useModels()
  const prompts = usePrompts()
  const sets = useAnchorSets()
  const tasks = useTasks()
  return (
    <Screen
      title="Mix"
      lead="Carry prompts to a target model; sources are solved once, mixtures follow the weights."
    >
      <Answer query={models}>
        {(modelList) => (
          <Answer query={prompts}>
            {(promptList) => (
              <Answer query={sets}>
                {(setList) => (
                  <Answer query={tasks}>
                    {(taskList) => (
                      <Ready
                        lists={{ models: modelList, prompts: promptList, sets: setList, tasks: taskList }}
                      />
                    )}
                  </Answer>
                )}
              </Answer>
            )}
          </Answer>
        )}
      </Answer>
    </Screen>
  )
}

function Ready({ lists }: { lists: MixLists }) {
  const views = useViews()
  const missing = missingPart(lists)
  if (missing === null) return <Answer query={views}>{() => <Kept lists={lists} />}</Answer>
  return (
    <EmptyState
      title="Not enough to mix yet"
      text={missing.text}
      action={<Anchor href={`#${missing.path}`}>Go to {missing.screen}</Anchor>}
    />
  )
}

function Kept({ lists }: { lists: MixLists }) {
  const [stored, keep] = useView('mix', mixChoiceSchema)
  return <MixWorkplace lists={lists} stored={stored} onChange={keep} />
}
