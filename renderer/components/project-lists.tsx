/** The lists of a project that forms choose from, awaited together. */
import type { ReactNode } from 'react'
import type { Lists } from '#renderer/connection/lists.ts'
import { useAnchorSets, useModels, usePrompts, useTasks } from '#renderer/connection/queries.ts'
import { Answer } from './screen.tsx'

export function ProjectLists({ children }: { children: (lists: Lists) => ReactNode }) {
  const [models, prompts, sets, tasks] = [useModels(), usePrompts(), useAnchorSets(), useTasks()]
  return (
    <Answer query={models}>
      {(modelList) => (
        <Answer query={prompts}>
          {(promptList) => (
            <Answer query={sets}>
              {(setList) => (
                <Answer query={tasks}>
                  {(taskList) =>
                    children({ models: modelList, prompts: promptList, sets: setList, tasks: taskList })
                  }
                </Answer>
              )}
            </Answer>
          )}
        </Answer>
      )}
    </Answer>
  )
}
