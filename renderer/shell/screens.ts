/** The screens of an open project, in the order of the work. */
import type { ComponentType } from 'react'
import { AnchorsScreen } from '../anchors/anchors-screen.tsx'
import { CompareScreen } from '../compare/compare-screen.tsx'
import { MixScreen } from '../mix/mix-screen.tsx'
import { ModelsScreen } from '../models/models-screen.tsx'
import { PromptsScreen } from '../prompts/prompts-screen.tsx'
import { RunsScreen } from '../runs/runs-screen.tsx'

export type ScreenEntry = {
  readonly path: string
  readonly title: string
  /** What it is for, in some words. */
  readonly lead: string
  readonly Screen: ComponentType
}

export const firstScreen: ScreenEntry = {
  path: '/models',
  title: 'Models',
  lead: 'Register models by their folders',
  Screen: ModelsScreen
}

export const screens: readonly ScreenEntry[] = [
  firstScreen,
  { path: '/prompts', title: 'Prompts', lead: 'Import, look at, tune', Screen: PromptsScreen },
  { path: '/anchors', title: 'Anchors', lead: 'Words that the models share', Screen: AnchorsScreen },
  { path: '/mix', title: 'Mix', lead: 'Carry prompts to a target', Screen: MixScreen },
  { path: '/runs', title: 'Runs', lead: 'Everything that was carried', Screen: RunsScreen },
  { path: '/compare', title: 'Compare', lead: 'Pictures of many runs', Screen: CompareScreen }
]
