/** The note beside an export: what it holds, what has to be known of it, and how its reader loads it. */
import { basename } from 'node:path'
import type { Prompt } from '#engine/common/contract/prompts.ts'
import type { Loading } from './prompt-format.ts'

/** The lines of a Python script that loads an export. */
export function python(...lines: string[]): Loading {
  return { language: 'python', lines }
}

/** The name of a file as a string of Python, for a script that runs beside it. */
export function nameIn(path: string): string {
  return JSON.stringify(basename(path))
}

/** The text of the note, in Markdown. */
export function readingNote(prompt: Prompt, notes: readonly string[], loading: Loading): string {
  const { vectors, model, template } = prompt
  const size = `${vectors.rows} vectors of width ${vectors.columns}, float32`
  const facts = [`${size}, of ${model.name ?? 'a model without a name'}.`]
  if (template !== null) facts.push(`Its template in Anchorage: \`${template}\``)
  return [
    `# ${prompt.name}`,
    '',
    ...[...facts, ...notes].map((fact) => `- ${fact}`),
    '',
    `\`\`\`${loading.language}`,
    ...loading.lines,
    '```',
    ''
  ].join('\n')
}
