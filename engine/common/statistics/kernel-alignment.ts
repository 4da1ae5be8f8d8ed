/**
 * Centred kernel alignment: how alike two representations of the same things are, whatever their widths, rotations and
 * scales (Kornblith, Norouzi, Lee and Hinton 2019). Of few things in wide spaces the plain estimate is high whatever they are;
 * this is the unbiased one (Song et al. 2012; Nguyen, Raghu and Kornblith 2021), 0 in the mean for what is unrelated.
 */

/** A symmetric `[n, n]`, row by row. */
type Kernel = { readonly rows: number; readonly data: ArrayLike<number> }

/** Sums of a kernel without its diagonal: by row `[n]`, and over all. */
function sumsOf({ rows, data }: Kernel): { byRow: Float64Array; total: number } {
  const byRow = new Float64Array(rows)
  for (let i = 0; i < rows; i++) for (let j = 0; j < rows; j++) if (i !== j) byRow[i] += data[i * rows + j]
  return { byRow, total: byRow.reduce((sum, value) => sum + value, 0) }
}

/** The unbiased estimate of the Hilbert-Schmidt independence criterion, times n·(n − 3). */
function independence(first: Kernel, second: Kernel): number {
  const n = first.rows
  const [one, other] = [sumsOf(first), sumsOf(second)]
  let [products, rowProducts] = [0, 0]
  for (let i = 0; i < n; i++) {
    rowProducts += one.byRow[i] * other.byRow[i]
    for (let j = 0; j < n; j++) if (i !== j) products += first.data[i * n + j] * second.data[i * n + j]
  }
  return products + (one.total * other.total) / ((n - 1) * (n - 2)) - (2 * rowProducts) / (n - 2)
}

/**
 * The alignment of two kernels of the same n things, up to 1; at least four of them.
 * NaN where one of them tells nothing apart.
 */
export function kernelAlignment(first: Kernel, second: Kernel): number {
  return independence(first, second) / Math.sqrt(independence(first, first) * independence(second, second))
}
