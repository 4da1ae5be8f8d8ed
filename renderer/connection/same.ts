/** Values that stay the same object for as long as they say the same. */
import { replaceEqualDeep } from '@tanstack/react-query'
import { useRef } from 'react'

/** The items that pass; the very list where all do, so that what was made of it is not made again. */
export function filterSame<T>(list: readonly T[], passes: (item: T) => boolean): readonly T[] {
  return list.every(passes) ? list : list.filter(passes)
}

/** The value, in parts that are equal to those of the drawing before the very objects of that one: what depends on them rests. */
export function useSame<T>(value: T): T {
  const last = useRef(value)
  last.current = replaceEqualDeep(last.current, value)
  return last.current
}
