/** A block of a page that a command writes: between `<!-- NAME -->` and `<!-- /NAME -->`. */
export function withBlock(page: string, name: string, block: string): string {
  const [start, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`]
  const [from, to] = [page.indexOf(start), page.indexOf(end)]
  if (from < 0 || to < from) throw new Error(`the page has no block ${name}`)
  return `${page.slice(0, from)}${start}\n\n${block}\n\n${page.slice(to)}`
}
