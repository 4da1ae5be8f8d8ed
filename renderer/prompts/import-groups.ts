/** What was found in files, sorted by the models that it may belong to; a group is imported for one model. */
import type { PromptCandidate } from '#engine/common/contract/prompts.ts'
import type { ModelEntry } from '#preload/contract/model-methods.ts'

export type ImportGroup = {
  readonly key: string
  /** What the files say of their model. */
  readonly modelName: string | null
  /** `e`. */
  readonly width: number
  readonly candidates: readonly PromptCandidate[]
  /** Models of the project that are as wide. */
  readonly fitting: readonly ModelEntry[]
  /** The one that it can only be: of this name, or the only one as wide. */
  readonly guess: ModelEntry | null
  /** The files hold more rows than the prompts: the person must say how many are used. */
  readonly rowsMustBeChosen: boolean
}

export function candidateKey({ path, part }: PromptCandidate): string {
  return `${path}#${part}`
}

/** Letters and digits alone: `bert-base-cased` and `BERT_base_cased` are one. */
function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]/g, '')
}

function guessModel(modelName: string | null, fitting: readonly ModelEntry[]): ModelEntry | null {
  const named = fitting.filter(({ report }) => modelName !== null && plain(report.name) === plain(modelName))
  const [only] = named.length > 0 ? named : fitting
  return only !== undefined && (named.length === 1 || fitting.length === 1) ? only : null
}

/** In the order in which they were found. */
export function groupCandidates(
  candidates: readonly PromptCandidate[],
  models: readonly ModelEntry[]
): ImportGroup[] {
  const groups = new Map<string, PromptCandidate[]>()
  for (const candidate of candidates) {
    const key = `${candidate.modelName ?? ''} ${candidate.shape.at(-1)}`
    groups.set(key, [...(groups.get(key) ?? []), candidate])
  }
  return [...groups].map(([key, members]) => {
    const [first] = members
    const width = first?.shape.at(-1) ?? 0
    const modelName = first?.modelName ?? null
    const fitting = models.filter(({ report }) => report.width === width)
    return {
      key,
      modelName,
      width,
      candidates: members,
      fitting,
      guess: guessModel(modelName, fitting),
      rowsMustBeChosen: members.some(({ rowsMustBeChosen }) => rowsMustBeChosen)
    }
  })
}

/** A path below the place that was looked through. */
export function shortPath(path: string, place: string): string {
  if (path === place) return path.split('/').at(-1) ?? path
  return path.startsWith(place) ? path.slice(place.length).replace(/^[/\\]/, '') : path
}
