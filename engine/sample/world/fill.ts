/** Filling the slots of a sentence at random. */
import type { UniformSource } from '#engine/common/random/seeded-random.ts'
import type { World } from './read-world.ts'

/** One of the items, each as likely. */
export function pick<T>(items: readonly T[], uniform: UniformSource): T {
  return items[Math.floor(uniform() * items.length)]
}

/** Fills `[table]` slots with names of that table, each slot anew. */
export function fillNames(sentence: string, world: World, uniform: UniformSource): string {
  return sentence.replace(/\[(\w+)\]/g, (slot, table: string) => {
    const names = world.names.get(table)
    return names === undefined ? slot : pick(names, uniform)
  })
}
