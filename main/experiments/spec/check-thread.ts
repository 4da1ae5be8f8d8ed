/** The thread that checks one text, which it is started with. */
import { parentPort, workerData } from 'node:worker_threads'
import { z } from 'zod'
import { checkExperiment } from './check-experiment.ts'

parentPort?.postMessage(checkExperiment(z.string().parse(workerData)))
