/** How far an experiment is, for a person at a terminal. */
import { durationText } from '#engine/common/format/duration.ts'
import type { ExperimentStatus } from '#main/experiments/report/experiment-status.ts'
import type { Output } from './output.ts'

function timeLeft({ groupsLeft, secondsLeft }: ExperimentStatus): string {
  if (groupsLeft === 0) return 'nothing left to do'
  if (secondsLeft === null) return 'time left: known once groups of each kind have run in the project'
  return `time left: about ${durationText(secondsLeft)}, by what its like took here`
}

/** Prints a status. */
export function printStatus(status: ExperimentStatus, output: Output): void {
  output.line(status.name)
  output.line()
  output.table(
    ['section', 'cells', 'done'],
    status.sections.map(({ name, cells, done }) => [name, cells, done])
  )
  output.line()
  const { groups, groupsLeft, tuningsLeft } = status
  output.line(`${status.sharedAnchors} words are shared by all models`)
  output.line(`${status.done} of ${status.cells} different cells are done`)
  output.line(
    `${groupsLeft} of ${groups} groups are left, ${tuningsLeft} of them prompts to tune; each is kept as it ends`
  )
  output.line(timeLeft(status))
}
