/** Where a window puts a report: a new folder, for nobody was asked whether files may be replaced. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { causedBy, systemCode } from '#engine/common/contract/errors.ts'

/** Makes `report` in a folder, or `report 2` and so on where that is taken. @throws `write-failed` */
export async function makeReportFolder(folder: string): Promise<string> {
  for (let number = 1; ; number++) {
    const path = join(folder, number === 1 ? 'report' : `report ${number}`)
    try {
      await mkdir(path)
      return path
    } catch (cause) {
      if (systemCode(cause) === 'EEXIST') continue
      const next = 'Choose a folder that is there and that you may write to.'
      throw causedBy(cause, 'write-failed', 'The folder of the report could not be made.', {
        where: path,
        next
      })
    }
  }
}
