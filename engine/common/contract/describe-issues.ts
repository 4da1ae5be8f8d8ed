/** What a schema finds wrong with data of others: the first few faults, for a file may hold a million. */
import { z } from 'zod'

const mostIssues = 10

/** A line or two per fault; of more than ten, how many others there are. */
export function describeIssues({ issues }: Pick<z.ZodError, 'issues'>): string {
  const told = z.prettifyError({ issues: issues.slice(0, mostIssues) })
  return issues.length <= mostIssues ? told : `${told}\nand ${issues.length - mostIssues} more`
}
