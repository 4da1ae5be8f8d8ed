/** The screens of an open project, in the order of the work. */
import type { ComponentType } from 'react'
import { type ScreenPath, screenTitles } from '#preload/contract/screens.ts'
import { AnchorsScreen } from '#renderer/anchors/anchors-screen.tsx'
import { CombinationsScreen } from '#renderer/combinations/combinations-screen.tsx'
import { CompareScreen } from '#renderer/compare/compare-screen.tsx'
import { ExperimentsScreen } from '#renderer/experiments/experiments-screen.tsx'
import { MixScreen } from '#renderer/mix/mix-screen.tsx'
import { ModelsScreen } from '#renderer/models/models-screen.tsx'
import { PromptsScreen } from '#renderer/prompts/prompts-screen.tsx'
import { RunsScreen } from '#renderer/runs/runs-screen.tsx'
import { TasksScreen } from '#renderer/tasks/tasks-screen.tsx'

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
  entry('/mix', 'Transfer prompts to a target', MixScreen),
  entry('/combinations', 'Which sources together, why, what to try next', CombinationsScreen),
  entry('/runs', 'Everything that was computed', RunsScreen),
  entry('/compare', 'Compare runs', CompareScreen),
  entry('/experiments', 'Methods compared from one file', ExperimentsScreen)
]
