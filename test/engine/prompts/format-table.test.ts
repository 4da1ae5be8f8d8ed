import { expect, it } from 'vitest'
import { promptFormats, writtenFormats } from '#engine/common/contract/prompts.ts'
import { formatTable } from '#engine/prompts/format-table.ts'

it('the formats that are written are those that have a writer', () => {
  expect(promptFormats.filter((format) => formatTable[format].write !== null)).toEqual(writtenFormats)
})
