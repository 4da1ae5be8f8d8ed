/** A process that works on a project's queue, and hangs in the cell named, saying so; to be killed there. */

import { openQueue } from '#main/queue/queue.ts'
import { openStore } from '#store/project-store.ts'
import { sampleRun } from '#test/support/sample-records.ts'

const [, , path = '', hangsIn = ''] = process.argv

process.on('message', () => {})
void openStore(path).then((store) =>
  openQueue(store, async (_, cell) => {
    if (cell.label === hangsIn) {
      process.send?.(cell.label)
      await new Promise(() => {})
    }
    return async ({ runs }) => {
      await runs.put({ ...sampleRun(cell.label), cellId: cell.id })
    }
  })
)
