/** Whether the person has seen the tour, in a small file of their settings: every project of theirs begins without it then. */
import { z } from 'zod'
import { readSmallFile } from '#engine/common/files/open-regular-file.ts'
import { writeJsonFile } from '#engine/common/files/write-whole.ts'

const tourFileSchema = z.object({ seen: z.boolean() })

const largestFile = 2 ** 10

export type TourSeen = {
  isSeen(): Promise<boolean>
  note(): Promise<void>
}

/** What is kept in `file`; one that can't be read says that the tour was not seen. */
export function openTourSeen(file: string): TourSeen {
  // Known at once, not when the file is written: a page that is loaded anew asks before that.
  let wasNoted = false
  return {
    isSeen: async () => {
      if (wasNoted) return true
      try {
        return tourFileSchema.parse(JSON.parse((await readSmallFile(file, largestFile)).toString())).seen
      } catch {
        return false
      }
    },
    note: async () => {
      wasNoted = true
      await writeJsonFile(file, { seen: true })
    }
  }
}
