/** Files of a figure for a paper, from its drawing as SVG: as it is, as PDF of the same size, and as PNG for print. */
import { decodeDataUrl } from './data-url.ts'
import { pdfText } from './pdf-text.ts'

export type DrawnFormat = 'pdf' | 'svg' | 'png'

/** Pixels per point at 300 per inch. */
const printScale = 300 / 72

/** @param svg of one `<svg>` element with its width and height in points. */
export async function drawnFile(svg: string, format: DrawnFormat): Promise<Uint8Array> {
  switch (format) {
    case 'svg':
      return new TextEncoder().encode(svg)
    case 'pdf':
      return await pdfOf(svg)
    case 'png':
      return await pngOf(svg)
  }
}

export function parseSvg(svg: string): SVGSVGElement {
  const { documentElement } = new DOMParser().parseFromString(svg, 'image/svg+xml')
  if (!(documentElement instanceof SVGSVGElement)) throw new TypeError('The figure is no SVG.')
  return documentElement
}

/** Width and height, in points. */
function sizeOf({ width, height }: SVGSVGElement): [number, number] {
  return [width.baseVal.valueInSpecifiedUnits, height.baseVal.valueInSpecifiedUnits]
}

/** The libraries are loaded with the first PDF: few people need one at once. */
async function pdfOf(svg: string): Promise<Uint8Array> {
  const [{ jsPDF }, { svg2pdf }] = await Promise.all([import('jspdf'), import('svg2pdf.js')])
  const element = parseSvg(svg)
  for (const text of element.querySelectorAll('text, tspan'))
    for (const node of text.childNodes)
      if (node.nodeType === Node.TEXT_NODE) node.textContent = pdfText(node.textContent ?? '')
  const [width, height] = sizeOf(element)
  const document = new jsPDF({
    unit: 'pt',
    format: [width, height],
    orientation: width > height ? 'landscape' : 'portrait'
  })
  await svg2pdf(element, document, { x: 0, y: 0, width, height })
  return new Uint8Array(document.output('arraybuffer'))
}

async function pngOf(svg: string): Promise<Uint8Array> {
  const [width, height] = sizeOf(parseSvg(svg))
  const picture = new Image()
  picture.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`
  await picture.decode()
  const canvas = document.createElement('canvas')
  canvas.width = Math.round(width * printScale)
  canvas.height = Math.round(height * printScale)
  canvas.getContext('2d')?.drawImage(picture, 0, 0, canvas.width, canvas.height)
  return decodeDataUrl(canvas.toDataURL('image/png'))
}
