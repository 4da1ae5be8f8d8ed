/** Why something that was asked for failed, until it is asked for again, dismissed, or what it was about is changed. */
import { useEffect, useRef } from 'react'
import { ErrorReport } from './error-report.tsx'

type Asked = { readonly error: Error | null; readonly reset: () => void }

type Props = {
  of: Asked | readonly Asked[]
  /** What it was asked about, such as the fields of a form: an error of other ones is told no more. */
  about?: unknown
}

export function Failure({ of, about = null }: Props) {
  const asked = Array.isArray(of) ? of : [of]
  const failed = asked.find(({ error }) => error !== null)
  const key = JSON.stringify(about, (_, value: unknown) => (value instanceof Set ? [...value] : value))
  const shown = useRef(key)
  useEffect(() => {
    if (shown.current === key) return
    shown.current = key
    failed?.reset()
  })
  if (failed === undefined || failed.error === null) return null
  return <ErrorReport error={failed.error} onDismiss={failed.reset} />
}
