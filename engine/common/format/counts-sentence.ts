/** How much a figure or table is of, in words: the same on the screen and in a report. */

import { count } from './count.ts'

/** `N` of a figure. */
export type Counts = {
  readonly runs: number
  /** How many relations or tasks they are of, 0 where that says nothing, and the word for one. */
  readonly tasks: number
  readonly task: 'relation' | 'task'
  /** Examples that were asked, each once however many runs were asked it. */
  readonly examples: number
}

function counted(number: number, what: string): string {
  return `${count(number)} ${what}${number === 1 ? '' : 's'}`
}

/** `N: 44 runs of 22 relations with 660 examples.` */
export function countsSentence({ runs, tasks, task, examples }: Counts): string {
  const of = tasks === 0 ? '' : ` of ${counted(tasks, task)}`
  return `N:\u00a0${counted(runs, 'run')}${of}${examples === 0 ? '' : ` with ${counted(examples, 'example')}`}.`
}
