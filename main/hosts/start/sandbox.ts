/**
 * Whether Chromium's sandbox can start on a Linux machine. Where it can't, Chromium ends at once with a line that says
 * little; asked before, a person learns why and what to do.
 */
import { spawnSync } from 'node:child_process'
import { statSync } from 'node:fs'
import { join } from 'node:path'

/** What decides whether the sandbox can start. */
export type SandboxFacts = {
  readonly isRoot: boolean
  /** The helper beside the program that sets the sandbox up, owned by root and with its rights. */
  readonly helper: string
  readonly hasHelper: boolean
  /** Whether a person may make user namespaces; null where that can't be tried. */
  readonly hasUserNamespaces: boolean | null
}

const setUserId = 0o4755

/** The commands that make the sandbox work. */
function remedies(helper: string): string {
  return [
    `  sudo chown root:root '${helper}' && sudo chmod 4755 '${helper}'`,
    'or, for every program of this machine:',
    '  sudo sysctl -w kernel.unprivileged_userns_clone=1                 # Debian',
    '  sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0     # Ubuntu 23.10 and later'
  ].join('\n')
}

/** Why the sandbox can't start and what to do, or null where nothing speaks against it. */
export function sandboxObstacle({
  isRoot,
  helper,
  hasHelper,
  hasUserNamespaces
}: SandboxFacts): string | null {
  if (isRoot) return 'The window does not open for root, who has no sandbox: start it as another user.'
  if (hasHelper || hasUserNamespaces !== false) return null
  return `The window’s sandbox can’t start: this machine allows no user namespaces. To allow it:\n${remedies(helper)}`
}

/** What to say where the window ended by a signal as soon as it was started. */
export function explainEarlyEnd(signal: string, helper: string): string {
  return `The window ended at once (${signal}). Where its last lines name the sandbox, this helps:\n${remedies(helper)}`
}

function isSetUp(helper: string): boolean {
  try {
    const { uid, mode } = statSync(helper)
    return uid === 0 && (mode & 0o7777) === setUserId
  } catch {
    return false
  }
}

export function sandboxHelper(runtime: string): string {
  return join(runtime, 'chrome-sandbox')
}

/** Looks at this machine, for the runtime in a folder. */
export function lookAtSandbox(runtime: string): SandboxFacts {
  const helper = sandboxHelper(runtime)
  const tried = spawnSync('unshare', ['-Ur', 'true'], { stdio: 'ignore' })
  return {
    isRoot: process.getuid?.() === 0,
    helper,
    hasHelper: isSetUp(helper),
    hasUserNamespaces: tried.error === undefined ? tried.status === 0 : null
  }
}
