/** Numbers as people of the field read them. */

/** Four significant digits, without an exponent where it can be helped. */
export function figure(value: number): string {
  const size = Math.abs(value)
  if (value === 0) return '0'
  return size < 1e-3 || size >= 1e5 ? value.toExponential(3) : value.toPrecision(4)
}

/** `94.4 %`, of a share from 0 to 1. */
export function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`
}

/** `0.581`, of a matching or another cosine. */
export function cosine(value: number): string {
  return value.toFixed(3)
}

/** `p = 0.012`, of a test. */
export function probability(p: number): string {
  return p < 0.001 ? 'p < 0.001' : `p = ${p.toFixed(3)}`
}

/** `1.4 GB`, in powers of 1000 as disks are sold. */
export function bytes(value: number): string {
  const unit = ['bytes', 'kB', 'MB', 'GB', 'TB'] as const
  const power = Math.min(unit.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(value, 1)) / 3)))
  return `${Number((value / 1000 ** power).toPrecision(3))} ${unit[power]}`
}
