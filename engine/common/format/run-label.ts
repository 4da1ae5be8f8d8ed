/** The label of a run or its prompt. */

/** The name without the title of the job that stands in brackets at its end. */
export function runLabel(name: string): string {
  const bracket = name.indexOf(' (')
  return name.endsWith(')') && bracket >= 0 ? name.slice(0, bracket) : name
}
