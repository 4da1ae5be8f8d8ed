/**
 * When the jobs of an experiment would end on a cluster: nodes take the longest job that is ready, as a scheduler that fills
 * free nodes does. A job is ready once the prompts that it needs are tuned.
 */

export type SimulatedJob = {
  readonly id: string
  readonly needs: readonly string[]
  readonly seconds: number
  /** The models that its node reads. */
  readonly models: readonly string[]
}

export type Simulation = {
  readonly seconds: number
  /** Of the time of all nodes until the last job ends, the share in which they compute. */
  readonly busy: number
  /** How many models each node reads, added up: what moves where nodes share no file system. */
  readonly copies: number
}

/** The nodes' ends, soonest first, with the job that ends then. */
type Running = { readonly end: number; readonly node: number; readonly job: SimulatedJob }

const byLength = (a: SimulatedJob, b: SimulatedJob): number => a.seconds - b.seconds

/** The jobs that become ready with each that ends. */
function readiness(jobs: readonly SimulatedJob[]): (ended: SimulatedJob) => SimulatedJob[] {
  const left = new Map(jobs.map((job) => [job.id, new Set(job.needs)]))
  const dependents = new Map<string, SimulatedJob[]>()
  for (const job of jobs)
    for (const need of job.needs) dependents.set(need, [...(dependents.get(need) ?? []), job])
  return ({ id }) =>
    (dependents.get(id) ?? []).filter((job) => {
      const needs = left.get(job.id)
      return needs?.delete(id) === true && needs.size === 0
    })
}

/** @param overhead seconds that a node takes to begin and end a job */
export function simulateCluster(jobs: readonly SimulatedJob[], nodes: number, overhead: number): Simulation {
  const readyAfter = readiness(jobs)
  const ready = jobs.filter(({ needs }) => needs.length === 0).sort(byLength)
  const held = Array.from({ length: nodes }, () => new Set<string>())
  const free = Array.from({ length: nodes }, (_, node) => node)
  const running: Running[] = []
  let now = 0
  const begin = (): void => {
    for (let begun = Math.min(ready.length, free.length); begun > 0; begun--) {
      const [job, node] = [ready.pop(), free.pop()]
      if (job === undefined || node === undefined) return
      for (const model of job.models) held[node].add(model)
      running.push({ end: now + overhead + job.seconds, node, job })
    }
    running.sort((a, b) => b.end - a.end)
  }
  begin()
  for (let next = running.pop(); next !== undefined; next = running.pop()) {
    now = next.end
    free.push(next.node)
    ready.push(...readyAfter(next.job))
    ready.sort(byLength)
    begin()
  }
  const work = jobs.reduce((sum, { seconds }) => sum + seconds, 0)
  return {
    seconds: now,
    busy: work / (now * nodes),
    copies: held.reduce((sum, models) => sum + models.size, 0)
  }
}
