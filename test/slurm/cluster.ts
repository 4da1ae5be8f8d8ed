/**
 * A Slurm cluster of several nodes on this machine, in a folder of its own: munged, slurmctld and a slurmd per node, each
 * in its own process namespace, so that ending the first process of a node ends all that runs on it, as a power cut does.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdir, open, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { hostname, userInfo } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** What a node offers. */
type NodeSize = { readonly cores: number; readonly megabytes: number }

export type Cluster = {
  /** The environment in which Slurm's commands and Snakemake find it. */
  readonly environment: NodeJS.ProcessEnv
  /** Ends a node with all that runs on it. */
  readonly kill: (node: string) => Promise<void>
  readonly stop: () => Promise<void>
}

/** The programs that a cluster here needs and that are not there. */
export async function missingPrograms(): Promise<string[]> {
  const programs = ['munged', 'slurmctld', 'slurmd', 'sbatch', 'srun', 'squeue', 'unshare']
  const missing: string[] = []
  for (const program of programs)
    await run('which', [program], { env: withSystemPrograms() }).catch(() => missing.push(program))
  return missing
}

/** Daemons lie where an ordinary user's path does not lead. */
function withSystemPrograms(...before: string[]): NodeJS.ProcessEnv {
  return { ...process.env, PATH: [...before, process.env['PATH'] ?? '', '/usr/sbin', '/sbin'].join(':') }
}

/** Snakemake's plugin takes the variables of Slurm from a job before it calls srun, which then would not find this cluster. */
async function wrapSrun(folder: string, configurationFile: string): Promise<string> {
  const { stdout } = await run('which', ['srun'])
  const programs = join(folder, 'programs')
  await mkdir(programs)
  const script = `#!/bin/sh\nSLURM_CONF='${configurationFile}' exec ${stdout.trim()} "$@"\n`
  await writeFile(join(programs, 'srun'), script, { mode: 0o755 })
  return programs
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('no free port')
  return address.port
}

/** Without control groups, which a container may lack: processes are followed by /proc, memory is looked at every second. */
async function configuration(folder: string, nodes: readonly string[], size: NodeSize): Promise<string> {
  const host = hostname().split('.')[0]
  const ports = await Promise.all(nodes.map(freePort))
  return `ClusterName=anchorage
SlurmctldHost=${host}(127.0.0.1)
SlurmctldPort=${await freePort()}
SlurmUser=${userInfo().username}
SlurmdUser=${userInfo().username}
AuthType=auth/munge
AuthInfo=socket=${join(folder, 'munge', 'socket')}
CredType=cred/munge
StateSaveLocation=${join(folder, 'state')}
SlurmctldPidFile=${join(folder, 'slurmctld.pid')}
SlurmctldLogFile=${join(folder, 'slurmctld.log')}
SlurmdPidFile=${join(folder, 'slurmd-%n.pid')}
SlurmdSpoolDir=${join(folder, 'spool-%n')}
SlurmdLogFile=${join(folder, 'slurmd-%n.log')}
SlurmdParameters=config_overrides
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU_Memory
JobAcctGatherType=jobacct_gather/linux
JobAcctGatherFrequency=task=1
JobAcctGatherParams=OverMemoryKill
AccountingStorageType=accounting_storage/none
SlurmdTimeout=15
MinJobAge=3600
KillWait=5
${nodes
  .map(
    (node, index) =>
      `NodeName=${node} NodeHostname=${host} NodeAddr=127.0.0.1 Port=${ports[index]} CPUs=${size.cores} RealMemory=${size.megabytes}`
  )
  .join('\n')}
PartitionName=all Nodes=ALL Default=YES State=UP MaxTime=INFINITE
`
}

/** Starts a program that stays, with what it says in a file. */
async function start(
  folder: string,
  name: string,
  [program, ...rest]: readonly [string, ...string[]],
  env: NodeJS.ProcessEnv
): Promise<ChildProcess> {
  const log = await open(join(folder, `${name}.out`), 'w')
  const child = spawn(program, rest, { env, stdio: ['ignore', log.fd, log.fd] })
  await once(child, 'spawn')
  await log.close()
  return child
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGKILL')
  await ended
}

/** Waits until every node is idle. @throws where that takes longer than half a minute */
async function whenIdle(nodes: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  let said = ''
  for (let tries = 0; tries < 60; tries++) {
    await delay(500)
    said = await run('sinfo', ['-h', '-N', '-o', '%T'], { env }).then(
      ({ stdout }) => stdout,
      (error: unknown) => String(error)
    )
    if (
      said
        .trim()
        .split('\n')
        .every((state) => state === 'idle') &&
      said.trim().split('\n').length === nodes.length
    )
      return
  }
  throw new Error(`the nodes of the cluster did not come up: ${said}`)
}

/** Starts a cluster. @param folder an empty folder of this run */
export async function startCluster(
  folder: string,
  nodes: readonly string[],
  size: NodeSize
): Promise<Cluster> {
  const munge = join(folder, 'munge')
  await mkdir(munge, { recursive: true, mode: 0o755 })
  await mkdir(join(folder, 'state'), { recursive: true })
  await writeFile(join(munge, 'key'), randomBytes(1024), { mode: 0o600 })
  const configurationFile = join(folder, 'slurm.conf')
  await writeFile(configurationFile, await configuration(folder, nodes, size))
  const programs = await wrapSrun(folder, configurationFile)
  const environment = { ...withSystemPrograms(programs), SLURM_CONF: configurationFile }
  const mungeFiles = {
    'key-file': 'key',
    socket: 'socket',
    'pid-file': 'pid',
    'log-file': 'log',
    'seed-file': 'seed'
  }
  const places = Object.entries(mungeFiles).map(([option, name]) => `--${option}=${join(munge, name)}`)
  const running = new Map<string, ChildProcess>()
  const stop = async (): Promise<void> => {
    for (const child of [...running.values()].reverse()) await end(child)
  }
  try {
    const authentication = ['munged', '--foreground', '--force', ...places] as const
    running.set('munged', await start(folder, 'munged', authentication, environment))
    await delay(500)
    running.set('slurmctld', await start(folder, 'slurmctld', ['slurmctld', '-D'], environment))
    for (const node of nodes) {
      const contained = ['unshare', '--pid', '--fork', '--mount-proc', '--kill-child'] as const
      running.set(node, await start(folder, node, [...contained, 'slurmd', '-D', '-N', node], environment))
    }
    await whenIdle(nodes, environment)
  } catch (error) {
    await stop()
    throw error
  }
  return {
    environment,
    stop,
    kill: async (node) => {
      const child = running.get(node)
      if (child !== undefined) await end(child)
    }
  }
}
