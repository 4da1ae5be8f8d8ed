/** The status bar: project, what the screen says of its scope, device, and the queue with its progress. */
import type { Ref } from 'react'
import { QueueButton } from '#renderer/queue/queue-button.tsx'
import { DeviceBadge } from './device-badge.tsx'

type Props = {
  name: string
  path: string
  scope: Ref<HTMLDivElement>
  isQueueShown: boolean
  onQueue: () => void
}

export function StatusBar({ name, path, scope, isQueueShown, onQueue }: Props) {
  return (
    <footer className="status-bar" data-part tabIndex={-1}>
      <strong className="status-project" title={path}>
        {name}
      </strong>
      <div className="status-scope" ref={scope} />
      <DeviceBadge />
      <QueueButton isShown={isQueueShown} onToggle={onQueue} />
    </footer>
  )
}
