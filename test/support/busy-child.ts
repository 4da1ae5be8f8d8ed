/** A process that starts another, which watches it and then works without end in one piece; both say who they are. */
import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { watchParent } from '#engine/watch-parent.ts'

if (process.argv[2] === 'busy') {
  watchParent()
  process.send?.('busy', () => {
    for (;;) Math.sin(1)
  })
} else {
  const child = fork(fileURLToPath(import.meta.url), ['busy'], { execArgv: ['--import', 'tsx'] })
  child.once('message', () => process.send?.(child.pid))
}
