/** The screens of an open project, in the order of the work; each is loaded when it is first shown. */
import {
  type Icon,
  IconAdjustmentsHorizontal,
  IconAnchor,
  IconChartDots,
  IconFlask,
  IconListCheck,
  IconScale,
  IconSparkles,
  IconStack2,
  IconTable
} from '@tabler/icons-react'
import type { ComponentType } from 'react'
import { type ScreenPath, screenTitles } from '#preload/contract/screens.ts'

export type ScreenEntry = {
  readonly path: ScreenPath
  readonly title: string
  /** What it is for, in some words. */
  readonly lead: string
  readonly ScreenIcon: Icon
  /** Null until it is loaded. */
  readonly screen: () => ComponentType | null
  readonly load: () => Promise<void>
}

function entry(
  path: ScreenPath,
  lead: string,
  ScreenIcon: Icon,
  load: () => Promise<ComponentType>
): ScreenEntry {
  let loaded: ComponentType | null = null
  return {
    path,
    title: screenTitles[path],
    lead,
    ScreenIcon,
    screen: () => loaded,
    load: async () => {
      loaded ??= await load()
    }
  }
}

const firstScreen = entry(
  '/models',
  'Register models by their folders',
  IconStack2,
  async () => (await import('#renderer/models/models-screen.tsx')).ModelsScreen
)

export const screens: readonly ScreenEntry[] = [
  firstScreen,
  entry(
    '/prompts',
    'Import, look at, tune',
    IconSparkles,
    async () => (await import('#renderer/prompts/prompts-screen.tsx')).PromptsScreen
  ),
  entry(
    '/tasks',
    'Facts and texts to tune on and to ask',
    IconListCheck,
    async () => (await import('#renderer/tasks/tasks-screen.tsx')).TasksScreen
  ),
  entry(
    '/anchors',
    'Words that the models share',
    IconAnchor,
    async () => (await import('#renderer/anchors/anchors-screen.tsx')).AnchorsScreen
  ),
  entry(
    '/mix',
    'Transfer prompts to a target',
    IconAdjustmentsHorizontal,
    async () => (await import('#renderer/mix/mix-screen.tsx')).MixScreen
  ),
  entry(
    '/combinations',
    'Which sources together, why, what to try next',
    IconChartDots,
    async () => (await import('#renderer/combinations/combinations-screen.tsx')).CombinationsScreen
  ),
  entry(
    '/runs',
    'Everything that was computed',
    IconTable,
    async () => (await import('#renderer/runs/runs-screen.tsx')).RunsScreen
  ),
  entry(
    '/compare',
    'Compare runs',
    IconScale,
    async () => (await import('#renderer/compare/compare-screen.tsx')).CompareScreen
  ),
  entry(
    '/experiments',
    'Methods compared from one file',
    IconFlask,
    async () => (await import('#renderer/experiments/experiments-screen.tsx')).ExperimentsScreen
  )
]

/** The screen at a path of the address; the first where there is none. */
export function screenAt(path: string): ScreenEntry {
  return screens.find((screen) => screen.path === path) ?? firstScreen
}
