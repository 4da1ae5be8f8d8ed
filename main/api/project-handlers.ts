/** What windows ask of projects: which is open, which were, open, make, close. */

import { errorToData } from '#engine/common/contract/errors.ts'
import type { Handlers } from '#engine/common/rpc/serve.ts'
import { copiesFolder, lastCopy, openSample } from '#main/sample/open-sample.ts'
import { findSample } from '#main/sample/sample-files.ts'
import type { WorkbenchContract } from '#preload/contract/workbench-methods.ts'
import { version } from '../../package.json'
import { projectName } from './recent-projects.ts'
import type { WindowContext } from './window-context.ts'

type Answered =
  | 'workbench.state'
  | 'devices.list'
  | 'engine.restart'
  | 'project.create'
  | 'project.open'
  | 'project.close'
  | 'sample.open'
  | 'recent.forget'
  | 'tour.end'

export function projectHandlers({
  engine,
  current,
  recent,
  tour,
  sampleFolder,
  documents,
  changed
}: WindowContext): Pick<Handlers<WorkbenchContract>, Answered> {
  /** The copy of the sample that was made last: the tour is for who sees it for the first time. */
  let newCopy: string | null = null
  const opened = async (path: string): Promise<Record<string, never>> => {
    await recent.note(path)
    changed('state')
    return {}
  }
  return {
    'workbench.state': async () => {
      const { path, damage } = current
      return {
        version,
        project:
          path === null ? null : { path, name: projectName(path), damage: damage && errorToData(damage) },
        recent: await recent.list(),
        tour: path !== null && path === newCopy && !(await tour.isSeen()),
        sample: { folder: copiesFolder(documents()), copy: await lastCopy(copiesFolder(documents())) },
        engineGivenUp: engine.givenUp(),
        setAside: engine.setAside().map((files) => [...files])
      }
    },
    'devices.list': async (_, { signal }) => await engine.call('devices.known', {}, { signal }),
    'engine.restart': () => {
      engine.restart()
      return {}
    },
    'project.create': async ({ path }) => {
      await current.create(path)
      return await opened(path)
    },
    'project.open': async ({ path }) => {
      await current.open(path)
      return await opened(path)
    },
    'project.close': async () => {
      await current.close()
      changed('state')
      return {}
    },
    'sample.open': async ({ isNew }, { signal }) => {
      const folder = copiesFolder(documents())
      let path = isNew ? null : await lastCopy(folder)
      if (path === null) {
        path = await openSample(await findSample(sampleFolder), folder, engine, signal)
        newCopy = path
      }
      await current.open(path)
      await opened(path)
      return { path }
    },
    'tour.end': async () => {
      await tour.note()
      return {}
    },
    'recent.forget': async ({ path }) => {
      await recent.forget(path)
      changed('state')
      return {}
    }
  }
}
