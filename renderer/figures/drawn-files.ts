/** Files of a figure that is drawn as SVG: as it is, as PDF of the same size, and as PNG for print. */
import { decodeDataUrl } from './data-url.ts'

export const drawnFormats = ['pdf', 'svg', 'png'] as const
export type DrawnFormat = (typeof drawnFormats)[number]

/** Pixels per point at 300 per inch. */
const printScale = 300 / 72

/** @param svg of one `<svg>` element with its size in points. */
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

function parse(svg: string): SVGSVGElement {
  const { documentElement } = new DOMParser().parseFromString(svg, 'image/svg+xml')
  if (!(documentElement instanceof SVGSVGElement)) throw new TypeError('The figure is no SVG.')
  return documentElement
}

/** Width and height, in points. */
function sizeOf({ viewBox }: SVGSVGElement): [number, number] {
  return [viewBox.baseVal.width, viewBox.baseVal.height]
}

/** The libraries are loaded with the first PDF: few people need one at once. */
async function pdfOf(svg: string): Promise<Uint8Array> {
  const [{ jsPDF }, { svg2pdf }] = await Promise.all([import('jspdf'), import('svg2pdf.js')])
  // The fonts of every PDF have no minus sign; their dash looks the same.
  const element = parse(svg.replaceAll('−', '–'))
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
  const [width, height] = sizeOf(parse(svg))
  const picture = new Image()
  picture.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`
  await picture.decode()
  const canvas = document.createElement('canvas')
  canvas.width = Math.round(width * printScale)
  canvas.height = Math.round(height * printScale)
  canvas.getContext('2d')?.drawImage(picture, 0, 0, canvas.width, canvas.height)
  return decodeDataUrl(canvas.toDataURL('image/png'))
}
