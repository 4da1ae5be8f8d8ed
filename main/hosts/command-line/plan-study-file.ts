/** Plans the study of a file for a command; what its paths are relative to is the file's own folder. */
import { dirname, resolve } from 'node:path'
import { planStudy } from '#main/experiments/plan/plan-study.ts'
import type { StudyPlan } from '#main/experiments/plan/study-plan.ts'
import { readStudy } from '#main/experiments/spec/read-study.ts'
import type { CommandSession } from './session.ts'

/** Reads and plans. Errors as `readStudy` and `planStudy`. */
export async function planStudyFile(
  file: string,
  { engine, signal, progress }: CommandSession
): Promise<StudyPlan> {
  const path = resolve(file)
  const study = await readStudy(path)
  const plan = await planStudy(study, dirname(path), engine, { signal, onProgress: progress.show })
  progress.end()
  return plan
}
