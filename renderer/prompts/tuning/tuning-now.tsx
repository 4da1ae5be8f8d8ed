/** Tunings at work, with their curves as they grow, and those that ended while the screen was shown. */
import { useState } from 'react'
import { count } from '#engine/common/format/count.ts'
import type { JobEntry } from '#preload/contract/job-methods.ts'
import { Answer } from '#renderer/components/screen.tsx'
import { useLiveCurves } from '#renderer/connection/live-curves.ts'
import { useJobs } from '#renderer/connection/queries.ts'
import { isAtWork, TuningCard } from './tuning-card.tsx'

export function TuningNow() {
  const jobs = useJobs()
  return (
    <Answer query={jobs}>{(list) => <Cards tunings={list.filter(({ kind }) => kind === 'tuning')} />}</Answer>
  )
}

function Cards({ tunings }: { tunings: readonly JobEntry[] }) {
  const curves = useLiveCurves()
  // What had ended before the screen was shown is the queue's to tell of.
  const [hidden, setHidden] = useState(() => tunings.filter((job) => !isAtWork(job)).map(({ id }) => id))
  return tunings
    .filter(({ id }) => !hidden.includes(id))
    .map((job) => (
      <TuningCard
        key={job.id}
        job={job}
        curve={curves[job.id]}
        done={(prompts) => `${count(prompts)} ${prompts === 1 ? 'prompt is' : 'prompts are'} in the table`}
        onDismiss={() => setHidden([...hidden, job.id])}
      />
    ))
}
