/** The screens of an open project, in the order of the work. */
import type { ComponentType } from 'react'
import { type ScreenPath, screenTitles } from '../../preload/contract/screens.ts'
import { AnchorsScreen } from '../anchors/anchors-screen.tsx'
import { CompareScreen } from '../compare/compare-screen.tsx'
import { MixScreen } from '../mix/mix-screen.tsx'
import { ModelsScreen } from '../models/models-screen.tsx'
import { PromptsScreen } from '../prompts/prompts-screen.tsx'
import { RunsScreen } from '../runs/runs-screen.tsx'
import { StudiesScreen } from '../studies/studies-screen.tsx'
import { TasksScreen } from '../tasks/tasks-screen.tsx'

export type ScreenEntry = {
  readonly path: ScreenPath
  readonly title: string
  /** What it is for, in some words. */
  readonly lead: string
  readonly Screen: ComponentType
}

function entry(path: ScreenPath, lead: string, Screen: ComponentType): ScreenEntry {
  return { path, title: screenTitles[path], lead, Screen }
}

export const firstScreen = entry('/models', 'Register models by their folders', ModelsScreen)

export const screens: readonly ScreenEntry[] = [
  firstScreen,
  entry('/prompts', 'Import, look at, tune', PromptsScreen),
  entry('/tasks', 'Facts and texts to tune on and to ask', TasksScreen),
  entry('/anchors', 'Words that the models share', AnchorsScreen),
  entry('/mix', 'Carry prompts to a target', MixScreen),
  entry('/runs', 'Everything that was carried', RunsScreen),
  entry('/compare', 'Pictures of many runs', CompareScreen),
  entry('/studies', 'Methods compared from one file', StudiesScreen)
]
