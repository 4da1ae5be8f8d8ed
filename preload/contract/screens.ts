/** The screens of an open project, in the order of the work: for the page, and for a host's menu. */

/** Their titles by their place in the page's address, after `#`. */
export const screenTitles = {
  '/models': 'Models',
  '/prompts': 'Prompts',
  '/tasks': 'Tasks',
  '/anchors': 'Anchors',
  '/mix': 'Mix',
  '/combinations': 'Combinations',
  '/runs': 'Runs',
  '/compare': 'Compare',
  '/experiments': 'Experiments'
} as const

export type ScreenPath = keyof typeof screenTitles
