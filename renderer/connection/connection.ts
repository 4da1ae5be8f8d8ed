/** What the page has of its host once it is connected. */
import type { ReactNode } from 'react'
import type { Caller } from '#engine/common/rpc/caller.ts'
import type { WorkbenchContract } from '#preload/contract/workbench-methods.ts'
import type { Host } from '#renderer/host/host.ts'

export type Connection = {
  readonly caller: Caller<WorkbenchContract>
  readonly host: Host
  /** What the host shows within the page when it is asked for something. */
  readonly dialogs: ReactNode
  /** Called once when the connection has ended. */
  onClose(listener: () => void): void
}
