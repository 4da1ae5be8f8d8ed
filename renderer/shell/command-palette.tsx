/** Everything by its name: commands, and every model, prompt, relation and run of the project. */
import { useMantineColorScheme } from '@mantine/core'
import { Spotlight, type SpotlightActionData, type SpotlightActionGroupData } from '@mantine/spotlight'
import { useMemo, useState } from 'react'
import { goTo } from '#renderer/connection/address.ts'
import { useModels, usePrompts, useRuns } from '#renderer/connection/queries.ts'
import { useCurrentLink } from '#renderer/connection/use-link.tsx'
import { useTour } from '#renderer/connection/use-tour.ts'
import { useView } from '#renderer/connection/view.ts'
import { useWorkbench } from '#renderer/connection/workbench.tsx'
import { labelOf, sourcesOf } from '#renderer/runs/run-fields.ts'
import { runsViewSchema } from '#renderer/runs/runs-view.ts'
import { screens } from './screens.ts'
import { paletteKeys } from './shortcuts.tsx'

type Props = { onQueue: () => void; onShortcuts: () => void; onClose: () => void }

/** As many as are shown at once; typing finds the others. */
const shownAtOnce = 12

export function CommandPalette({ onQueue, onShortcuts, onClose }: Props) {
  const { setColorScheme } = useMantineColorScheme()
  const { host } = useWorkbench()
  const currentLink = useCurrentLink()
  const [query, setQuery] = useState('')
  const [, setTour] = useTour()
  const commands: SpotlightActionData[] = [
    ...screens.map(({ path, title, lead }) => ({
      id: path,
      label: `Go to ${title}`,
      description: lead,
      onClick: () => goTo(path)
    })),
    {
      id: 'queue',
      label: 'Show or hide the queue',
      description: 'Progress, pause, order, cancel, resume',
      onClick: onQueue
    },
    {
      id: 'link',
      label: 'Copy link',
      description: 'To what is shown, with its scope; paste it here to see it again',
      onClick: () => void host.copyText(currentLink())
    },
    { id: 'shortcuts', label: 'Show the shortcuts', onClick: onShortcuts },
    {
      id: 'tour',
      label: 'Take the tour',
      description: 'Two steps: which sources together, and why',
      onClick: () => setTour('sets')
    },
    { id: 'light', label: 'Light colours', onClick: () => setColorScheme('light') },
    { id: 'dark', label: 'Dark colours', onClick: () => setColorScheme('dark') },
    { id: 'auto', label: 'Colours as the system is', onClick: () => setColorScheme('auto') },
    {
      id: 'close',
      label: 'Close the project',
      description: 'To the start: open another, or make a new one',
      onClick: onClose
    }
  ]
  const [isOpen, setOpen] = useState(false)
  const { things, isReading } = useThings(isOpen, query !== '')
  const lastWord = query.trim().split(/\s/).at(-1) ?? ''
  const link = lastWord.slice(Math.max(0, lastWord.indexOf('#/')))
  const pasted = link.startsWith('#/') && link.length > 2 ? link : undefined
  const links: SpotlightActionData[] =
    pasted === undefined
      ? []
      : [
          {
            id: 'follow link',
            label: 'Go to this link',
            description: pasted,
            keywords: query,
            onClick: () => {
              location.hash = pasted
            }
          }
        ]
  return (
    <Spotlight
      actions={[{ group: 'Commands', actions: [...links, ...commands] }, ...things]}
      shortcut={paletteKeys}
      // From within a field too.
      tagsToIgnore={[]}
      limit={shownAtOnce}
      scrollable
      maxHeight={480}
      nothingFound={isReading ? 'Reading names …' : 'No matching command, model, prompt, relation or run.'}
      onSpotlightOpen={() => setOpen(true)}
      onSpotlightClose={() => setOpen(false)}
      highlightQuery
      attributes={{ content: { 'aria-label': 'Commands' } }}
      query={query}
      onQueryChange={setQuery}
      searchProps={{ placeholder: 'What do you want to do, or see?', 'aria-label': 'Command' }}
    />
  )
}

type Things = { readonly things: SpotlightActionGroupData[]; readonly isReading: boolean }

/**
 * What the project holds, by name.
 * @param isOpen only then it is read: a project's prompts and runs would delay every start
 * @param isSearched nothing is named where nothing is looked for
 */
function useThings(isOpen: boolean, isSearched: boolean): Things {
  const lists = [useModels(isOpen), usePrompts(isOpen), useRuns(isOpen)] as const
  const [models, prompts, runs] = [lists[0].data, lists[1].data, lists[2].data]
  const [, setRuns] = useView('runs', runsViewSchema)
  const things = useMemo(() => {
    if (!isSearched) return []
    const relations = new Set(runs?.flatMap(({ relation }) => relation ?? []))
    return [
      {
        group: 'Models',
        actions: (models ?? []).map(({ id, report }) => ({
          id,
          label: report.name,
          description: 'model',
          onClick: () => goTo('/models', id)
        }))
      },
      {
        group: 'Relations',
        actions: [...relations].map((relation) => ({
          id: `relation ${relation}`,
          label: relation,
          description: 'runs of this relation',
          onClick: () => {
            setRuns({ filter: `relation="${relation}"` })
            goTo('/runs')
          }
        }))
      },
      {
        group: 'Prompts',
        actions: (prompts ?? []).map(({ id, name, model }) => ({
          id,
          label: name,
          description: `prompt of ${model.name ?? 'an unknown model'}`,
          onClick: () => goTo('/prompts', id)
        }))
      },
      {
        group: 'Runs',
        actions: (runs ?? []).map((run) => ({
          id: run.id,
          label: labelOf(run),
          description: `run: ${sourcesOf(run)} → ${run.target}`,
          onClick: () => goTo('/runs', run.id)
        }))
      }
    ]
  }, [isSearched, models, prompts, runs, setRuns])
  return { things, isReading: lists.some(({ isLoading }) => isLoading) }
}
