/** `anchorage prompts inspect` and `convert`: what prompt files hold, and the same prompt in another format. */
import { resolve } from 'node:path'
import { type Command, Option } from 'commander'
import { belongingTo } from '#engine/common/contract/fits-model.ts'
import { peftTaskTypes, type WrittenFormat, writtenFormats } from '#engine/common/contract/prompts.ts'
import { parsePositiveInteger } from '../numbers.ts'
import { formatOf } from '../prompt-paths.ts'
import { runInSession } from '../session.ts'

type ConvertOptions = {
  readonly format?: WrittenFormat
  readonly part?: string
  readonly vectors?: number
  readonly name?: string
  readonly template?: string
  readonly padRows?: boolean
  readonly overwrite?: boolean
  readonly model?: string
  readonly taskType?: (typeof peftTaskTypes)[number]
}

function addInspect(prompts: Command): void {
  prompts
    .command('inspect')
    .description('list every prompt that a file or folder holds, and what is missing')
    .argument('<path>', 'prompt file, adapter folder, or a whole tree of relations')
    .addHelpText('after', '\nExample:\n  $ anchorage prompts inspect optiprompt-outputs/')
    .action((path: string, _: object, command: Command) =>
      runInSession(command, async ({ engine, signal, output }) => {
        const found = await engine.call('prompts.inspect', { path: resolve(path) }, { signal })
        output.table(
          ['file', 'format', 'part', 'type', 'shape', 'relation', 'model'],
          found.candidates.map((candidate) => [
            candidate.path,
            candidate.format,
            candidate.part,
            candidate.dtype,
            candidate.shape.join(' × '),
            candidate.relation,
            candidate.modelName
          ])
        )
        const warnings = new Set(found.candidates.flatMap((candidate) => candidate.warnings))
        for (const warning of warnings) output.line(`note: ${warning}`)
        for (const { path: refused, message, ...detail } of found.refused) {
          output.line(`refused: ${refused}: ${message}`)
          for (const [name, value] of Object.entries(detail)) {
            if (value !== undefined) output.line(`  ${name}: ${value}`)
          }
        }
        output.result(found)
        return undefined
      })
    )
}

function addConvert(prompts: Command): void {
  prompts
    .command('convert')
    .description('read a prompt and write it in another format')
    .argument('<path>', 'prompt file or adapter folder')
    .argument('<out>', 'file to write; for peft the folder')
    .addOption(
      new Option('--format <format>', 'format to write (default: by the name of <out>)').choices(
        writtenFormats
      )
    )
    .option(
      '--model <folder>',
      'the model that the prompt is for: PEFT, llama.cpp and vLLM hold prompts in a scale of their own where a model multiplies embeddings'
    )
    .option('--part <name>', 'which prompt of the file, as `prompts inspect` lists them')
    .option('--vectors <m>', 'only the first m rows (OptiPrompt files always hold 10)', parsePositiveInteger)
    .option('--name <name>', 'name of the prompt')
    .option('--template <template>', 'where the prompt stands, for example "[X] [V1] [V2] [MASK] ."')
    .option('--pad-rows', 'optiprompt: fill up to the 10 rows that its code reads')
    .addOption(
      new Option('--task-type <type>', 'peft: the kind of model that will load the prompt').choices(
        peftTaskTypes
      )
    )
    .option('--overwrite', 'replace what is there')
    .addHelpText(
      'after',
      '\nExample:\n  $ anchorage prompts convert P19/prompt_vecs.npy P19-peft --vectors 5 --format peft'
    )
    .action((path: string, out: string, options: ConvertOptions, command: Command) =>
      runInSession(command, async ({ engine, signal, output }) => {
        const { padRows = false, overwrite = false, taskType: peftTaskType = null, ...choice } = options
        const { format = formatOf(out), model: folder, ...part } = choice
        const model =
          folder === undefined
            ? undefined
            : await engine.call('models.inspect', { folder: resolve(folder) }, { signal })
        const read = await engine.call('prompts.read', { path: resolve(path), ...part, model }, { signal })
        const prompt = model === undefined ? read : belongingTo(read, model, [])
        const written = await engine.call(
          'prompts.write',
          { prompt, format, path: resolve(out), padRows, overwrite, peftTaskType, model: model ?? null },
          { signal }
        )
        output.line(`${prompt.name}: ${prompt.vectors.rows} vectors of width ${prompt.vectors.columns}`)
        for (const warning of prompt.warnings) output.line(`note: ${warning}`)
        for (const note of written.notes) output.line(`note: ${note}`)
        for (const file of written.files) output.line(`written ${file}`)
        output.result(written)
        return undefined
      })
    )
}

export function addPromptsCommands(prompts: Command): void {
  addInspect(prompts)
  addConvert(prompts)
}
