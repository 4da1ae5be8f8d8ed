/** Progress on standard error: a bar with the time left on a terminal, a plain line now and then elsewhere. */
import { Presets, SingleBar } from 'cli-progress'
import type { Progress } from '#engine/common/contract/engine-methods.ts'
import { printable } from '#engine/common/format/printable.ts'

export type ProgressDisplay = {
  readonly show: (progress: Progress) => void
  readonly end: () => void
}

const secondsBetweenLines = 5

function barDisplay(stream: NodeJS.WriteStream): ProgressDisplay {
  const format = '{bar} {percentage}%  {label}  {eta_formatted} left'
  const bar = new SingleBar(
    { format, stream, hideCursor: true, clearOnComplete: true },
    Presets.shades_classic
  )
  let started = false
  return {
    show: ({ done, total, label }) => {
      const shown = { label: printable(label) }
      if (!started) bar.start(total, done, shown)
      started = true
      bar.setTotal(total)
      bar.update(done, shown)
    },
    end: () => {
      if (started) bar.stop()
    }
  }
}

function lineDisplay(stream: NodeJS.WriteStream): ProgressDisplay {
  let lastLine = Date.now()
  return {
    show: ({ done, total, label }) => {
      const now = Date.now()
      if (now - lastLine < secondsBetweenLines * 1000) return
      lastLine = now
      // A part at work counts by its share: whole parts read better.
      stream.write(`${printable(label)}: ${Math.floor(done)} of ${total}\n`)
    },
    end: () => {}
  }
}

export function createProgressDisplay(stream: NodeJS.WriteStream): ProgressDisplay {
  return stream.isTTY ? barDisplay(stream) : lineDisplay(stream)
}
