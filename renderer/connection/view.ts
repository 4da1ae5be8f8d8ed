/** What a screen was showing, kept with the project: found again after a reload, and by whoever gets the file. */
import { useDebouncedCallback, useWindowEvent } from '@mantine/hooks'
import { type QueryClient, useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useReducer } from 'react'
import type { z } from 'zod'
import { useSame } from './same.ts'
import { useWorkbench } from './workbench.tsx'

/** The pause after the last change before it is stored. */
const pauseMilliseconds = 400

type Views = Record<string, unknown>

/** What was changed and is not stored yet, of each page's answers. */
const unstored = new WeakMap<QueryClient, Views>()

/** Everything that was kept; a screen that starts from what it was showing waits for it. */
export function useViews() {
  const { call } = useWorkbench()
  const answers = useQueryClient()
  return useQuery<Views>({
    queryKey: ['views'],
    // Views are asked for again when something else of the state changes: a change that is on its way is not lost by that.
    queryFn: async () => ({ ...(await call('views.all', {})), ...unstored.get(answers) })
  })
}

function readView<S extends z.ZodType>(schema: S, stored: unknown): z.output<S> {
  const read = schema.safeParse(stored ?? {})
  return read.success ? read.data : schema.parse({})
}

/**
 * The state of a view and how to change it. What was stored in another shape, by another version, counts as nothing;
 * `schema` fills in its defaults.
 */
export function useView<S extends z.ZodType>(
  name: string,
  schema: S
): [z.output<S>, (change: Partial<z.output<S>>) => void] {
  const { call } = useWorkbench()
  const answers = useQueryClient()
  const views = useViews()
  const [, draw] = useReducer((drawings: number) => drawings + 1, 0)
  const store = useDebouncedCallback(
    async () => {
      const state = unstored.get(answers)?.[name]
      // Another part of the page that changes the same view has stored it.
      if (state === undefined) return
      try {
        await call('views.set', { name, state: JSON.parse(JSON.stringify(state)) })
      } finally {
        const { [name]: latest, ...others } = unstored.get(answers) ?? {}
        if (latest === state) unstored.set(answers, others)
      }
    },
    { delay: pauseMilliseconds, flushOnUnmount: true }
  )
  // A page that is closed or loaded anew unmounts nothing.
  useWindowEvent('pagehide', () => store.flush())
  // The same function for as long as the view is the same: what is given it is not drawn anew with every drawing here.
  const change = useCallback(
    (part: Partial<z.output<S>>): void => {
      const all = answers.getQueryData<Views>(['views'])
      const changed = { [name]: Object.assign({}, readView(schema, all?.[name]), part) }
      unstored.set(answers, { ...unstored.get(answers), ...changed })
      answers.setQueryData<Views>(['views'], { ...all, ...changed })
      store()
      // At once, not when the cache tells of it: a field whose text comes back late loses letters.
      draw()
    },
    [answers, name, schema, store]
  )
  // A table does not sort anew with every letter of a filter.
  return [useSame(readView(schema, views.data?.[name])), change]
}
