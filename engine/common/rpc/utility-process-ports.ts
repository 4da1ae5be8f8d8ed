/** The child's side where Electron's main process started it: its ports come with the first message. */
import { AnchorageError } from '#engine/common/contract/errors.ts'
import type { EmittingPort } from './message-port-transport.ts'

/** What is used of `process.parentPort`, which a utility process has and this room doesn't know. */
type ParentPort = {
  once(event: 'message', listener: (event: { ports: readonly EmittingPort[] }) => void): unknown
}

function isParentPort(value: unknown): value is ParentPort {
  return typeof value === 'object' && value !== null && 'once' in value && typeof value.once === 'function'
}

/**
 * The ports that the main process hands over, one at least, or null where this is no utility process. They keep what
 * arrives until they are started: whoever starts one listens in the same turn, or loses what came first.
 */
export function utilityProcessPorts(): Promise<readonly [EmittingPort, ...EmittingPort[]]> | null {
  const parent: unknown = Reflect.get(process, 'parentPort')
  if (!isParentPort(parent)) return null
  return new Promise((resolve, reject) => {
    parent.once('message', ({ ports }) => {
      const [first, ...more] = ports
      if (first === undefined) reject(new AnchorageError('internal', 'The process was given no port.'))
      else resolve([first, ...more])
    })
  })
}
