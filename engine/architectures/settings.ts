/**
 * Reads the settings of `config.json` that shape a model's graph. A setting that is missing has the value that the
 * family's configuration class of `transformers` gives it; one of a value that no graph is written for is an error
 * that names it.
 */
import { z } from 'zod'
import { AnchorageError } from '#engine/common/contract/errors.ts'

/** `config.json`: what it holds and where it lies. */
export type ConfigFile = { readonly path: string; readonly settings: unknown }

/** A count: layers, heads, a width. */
export const size = z.int().positive()

/** A setting that must be off, because no graph is written for what it asks. */
export const off = z.union([z.literal(false), z.null()], { error: 'false' }).optional()

/** A setting of which one value alone is known here; it may be left out. */
export function only<T extends string | number>(value: T) {
  return z.literal(value, { error: String(value) }).nullish()
}

/** The value that a dotted path leads to. */
function valueAt(settings: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined),
    settings
  )
}

/**
 * The settings of a family.
 * @throws AnchorageError `unsupported` that names the first setting of a value that is not supported
 */
export function readSettings<T>(schema: z.ZodType<T>, { path, settings }: ConfigFile): T {
  const parsed = schema.safeParse(settings)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const setting = issue.path.join('.')
  const value = valueAt(settings, issue.path)
  throw new AnchorageError('unsupported', `No graph is written for this value of the setting ${setting}.`, {
    where: `${path}, setting ${setting}`,
    found: value === undefined ? 'no value' : JSON.stringify(value),
    expected: issue.message,
    next: 'Export the model to ONNX, for example with optimum-cli export onnx.'
  })
}
