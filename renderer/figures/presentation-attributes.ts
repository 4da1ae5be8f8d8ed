/**
 * Styles of an SVG as attributes: the page's policy takes `style` out of whatever is parsed, and other programs read attributes
 * more surely.
 */

/** Of the properties of a style, those that SVG has attributes for and that a drawing needs. */
const presentation = /^(?:fill|stroke|font|opacity|text-anchor|clip-path|display|visibility)/

const tagPattern = /<([a-zA-Z]+)((?:\s+[^\s=<>"]+="[^"]*")+)\s*(\/?)>/g
const attributePattern = /\s([^\s=<>"]+)="([^"]*)"/g

function withoutStyle(_tag: string, name: string, attributes: string, end: string): string {
  const all = new Map(
    [...attributes.matchAll(attributePattern)].map(([, key = '', value = '']) => [key, value])
  )
  const style = all.get('style') ?? ''
  all.delete('style')
  for (const declaration of style.replaceAll('&quot;', "'").split(';')) {
    const colon = declaration.indexOf(':')
    const property = declaration.slice(0, colon).trim()
    if (colon > 0 && presentation.test(property)) all.set(property, declaration.slice(colon + 1).trim())
  }
  return `<${name}${[...all].map(([key, value]) => ` ${key}="${value}"`).join('')}${end}>`
}

/** The SVG text with every style written as attributes; a style counts before an attribute of its name, as ever. */
export function styleAsAttributes(svg: string): string {
  return svg.replaceAll(tagPattern, withoutStyle)
}
