/** What a screen was showing, kept with the project: found again after a reload, and by whoever gets the file. */
import { useDebouncedCallback, useWindowEvent } from '@mantine/hooks'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useReducer } from 'react'
import type { z } from 'zod'
import { useSame } from './same.ts'
import { useWorkbench } from './workbench.tsx'

/** The pause after the last change before it is stored. */
const pauseMilliseconds = 400

type Views = Record<string, unknown>

/** Everything that was kept; a screen that starts from what it was showing waits for it. */
export function useViews() {
  const { call } = useWorkbench()
  return useQuery<Views>({ queryKey: ['views'], queryFn: () => call('views.all', {}) })
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
    () => {
      const state = answers.getQueryData<Views>(['views'])?.[name]
      void call('views.set', { name, state: JSON.parse(JSON.stringify(state)) })
    },
    { delay: pauseMilliseconds, flushOnUnmount: true }
  )
  // A page that is closed or loaded anew unmounts nothing.
  useWindowEvent('pagehide', () => store.flush())
  // The same function for as long as the view is the same: what is given it is not drawn anew with every drawing here.
  const change = useCallback(
    (part: Partial<z.output<S>>): void => {
      answers.setQueryData<Views>(['views'], (all = {}) => ({
        ...all,
        [name]: Object.assign({}, readView(schema, all[name]), part)
      }))
      store()
      // At once, not when the cache tells of it: a field whose text comes back late loses letters.
      draw()
    },
    [answers, name, schema, store]
  )
  // A table does not sort anew with every letter of a filter.
  return [useSame(readView(schema, views.data?.[name])), change]
}
