/** The screens of an open project, in the order of the work. */
import type { ComponentType } from 'react'
import { AnchorsScreen } from '../anchors/anchors-screen.tsx'
import { MixScreen } from '../mix/mix-screen.tsx'
import { ModelsScreen } from '../models/models-screen.tsx'
import { PromptsScreen } from '../prompts/prompts-screen.tsx'

export type ScreenEntry = { readonly path: string; readonly title: string; readonly Screen: ComponentType }

export const firstScreen: ScreenEntry = { path: '/models', title: 'Models', Screen: ModelsScreen }

export const screens: readonly ScreenEntry[] = [
  firstScreen,
  { path: '/prompts', title: 'Prompts', Screen: PromptsScreen },
  { path: '/anchors', title: 'Anchors', Screen: AnchorsScreen },
  { path: '/mix', title: 'Mix', Screen: MixScreen }
]
