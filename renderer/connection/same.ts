/** Values that stay the same object for as long as they say the same. */
import { replaceEqualDeep } from '@tanstack/react-query'
import { useRef } from 'react'

/** The value, in parts that are equal to those of the drawing before the very objects of that one: what depends on them rests. */
export function useSame<T>(value: T): T {
  const last = useRef(value)
  last.current = replaceEqualDeep(last.current, value)
  return last.current
}
