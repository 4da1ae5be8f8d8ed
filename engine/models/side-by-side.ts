/** Two pieces of work at a time, of which one waits for files and threads most of the time. */

/**
 * What both answer, the second begun as soon as the first waits.
 * @param first is cancelled by its signal where the second fails, or by `signal`
 * @throws what the one that fails first throws, when `first` has ended
 */
export async function sideBySide<First, Second>(
  first: (signal: AbortSignal) => Promise<First>,
  second: () => Promise<Second>,
  signal?: AbortSignal
): Promise<readonly [First, Second]> {
  const stop = new AbortController()
  const begun = first(signal === undefined ? stop.signal : AbortSignal.any([signal, stop.signal]))
  try {
    return await Promise.all([begun, second()])
  } finally {
    stop.abort()
    await Promise.allSettled([begun])
  }
}
