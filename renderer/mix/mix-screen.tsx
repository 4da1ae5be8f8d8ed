/** Mixing: prompts of several sources carried to a target, the figures following the weights. */
import { Grid } from '@mantine/core'
import { useState } from 'react'
import { Answer, EmptyState, Screen } from '../components/screen.tsx'
import { useAnchorSets, useModels, usePrompts } from '../connection/queries.ts'
import { completeOrder, type MixChoice, startingChoice } from './mix-choice.ts'
import { MixForm } from './mix-form.tsx'
import { MixResult } from './mix-result.tsx'

export function MixScreen() {
  const models = useModels()
  const prompts = usePrompts()
  const sets = useAnchorSets()
  const [choice, setChoice] = useState<MixChoice>(startingChoice)
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
                {(setList) => {
                  if (promptList.length === 0 || setList.length === 0) {
                    return (
                      <EmptyState
                        title="Not enough to mix yet"
                        text="A transfer needs a prompt of a source model, a target model, and an anchor set that you kept. Add what is missing on the screens above."
                      />
                    )
                  }
                  const lists = { models: modelList, prompts: promptList, sets: setList }
                  const order = completeOrder(choice, lists)
                  return (
                    <Grid gap="xl">
                      <Grid.Col span={{ base: 12, md: 5 }}>
                        <MixForm choice={choice} lists={lists} onChange={setChoice} />
                      </Grid.Col>
                      <Grid.Col span={{ base: 12, md: 7 }}>
                        {order === null ? (
                          <EmptyState
                            title="Choose what to carry"
                            text="Prompts, a target, and an anchor set."
                          />
                        ) : (
                          <MixResult order={order} lists={lists} />
                        )}
                      </Grid.Col>
                    </Grid>
                  )
                }}
              </Answer>
            )}
          </Answer>
        )}
      </Answer>
    </Screen>
  )
}
