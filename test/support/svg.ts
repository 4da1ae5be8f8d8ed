/** Reads a drawing back: which marks stand where, and what the axes say of these places. */
import { DOMParser } from '@xmldom/xmldom'

export type DrawnMark = {
  /** Where the mark's own coordinates begin, in pixels of the drawing. */
  readonly x: number
  readonly y: number
  readonly text: string
  readonly attribute: (name: string) => string
}

export type DrawnAxis = {
  readonly ticks: readonly string[]
  readonly title: string
  /** The value at a place in pixels, by the first and the last tick. */
  readonly valueAt: (place: number) => number
  /** Where the axis begins and ends, in pixels. */
  readonly span: readonly [number, number]
  /** Where each tick is. */
  readonly places: readonly number[]
}

/** The root of a drawing; throws where it isn't well-formed XML. */
export function parseSvg(text: string): Element {
  const fail = (message: string): never => {
    throw new Error(message)
  }
  const parser = new DOMParser({ errorHandler: { warning: fail, error: fail, fatalError: fail } })
  return parser.parseFromString(text, 'image/svg+xml').documentElement
}

function hasClass(element: Element, name: string): boolean {
  return (element.getAttribute('class') ?? '').split(' ').includes(name)
}

/** The groups of a class below an element, in the order they are drawn. */
export function groupsOf(root: Element, name: string): Element[] {
  return Array.from(root.getElementsByTagName('g')).filter((element) => hasClass(element, name))
}

function isElement(node: Node | null): node is Element {
  return node?.nodeType === 1
}

/** Moves on the way from the drawing to an element, added up. */
function placeOf(node: Node | null): { x: number; y: number } {
  if (!isElement(node)) return { x: 0, y: 0 }
  const [, x = '0', y = '0'] = /translate\(([^,]+),([^)]+)\)/.exec(node.getAttribute('transform') ?? '') ?? []
  const above = placeOf(node.parentNode)
  return { x: above.x + Number(x), y: above.y + Number(y) }
}

/** The marks in the groups of a class, such as `mark-symbol`, of a role, such as `role-mark`. */
export function marksOf(root: Element, kind: string, role = 'role-mark'): DrawnMark[] {
  return groupsOf(root, kind)
    .filter((group) => hasClass(group, role))
    .flatMap((group) => Array.from(group.childNodes))
    .filter(isElement)
    .map((element) => ({
      ...placeOf(element),
      text: element.textContent ?? '',
      attribute: (name) => element.getAttribute(name) ?? ''
    }))
}

/** The `x` or `y` axis of a panel, the first where none is said. */
export function axisOf(root: Element, direction: 'x' | 'y', panel = 0): DrawnAxis {
  const across = direction === 'x' ? 'x2' : 'y2'
  const axes = groupsOf(root, 'role-axis').filter((group) => {
    const [line] = marksOf(group, 'mark-rule', 'role-axis-domain')
    return line !== undefined && Number(line.attribute(across)) !== 0
  })
  const axis = axes[panel]
  const [line] = axis === undefined ? [] : marksOf(axis, 'mark-rule', 'role-axis-domain')
  if (axis === undefined || line === undefined) throw new Error(`no ${direction} axis of panel ${panel}`)
  const labels = marksOf(axis, 'mark-text', 'role-axis-label').map(({ text }) => text)
  const places = marksOf(axis, 'mark-rule', 'role-axis-tick').map((tick) => tick[direction])
  const [first = Number.NaN, last = Number.NaN] = [places[0], places.at(-1)]
  const [low, high] = [Number(labels[0]), Number(labels.at(-1))]
  return {
    ticks: labels,
    title: marksOf(axis, 'mark-text', 'role-axis-title')
      .map(({ text }) => text)
      .join(' '),
    valueAt: (place) => low + ((place - first) / (last - first)) * (high - low),
    span: [line[direction], line[direction] + Number(line.attribute(across))],
    places
  }
}

/** The rectangle of a bar in pixels of the drawing. */
export function barOf(mark: DrawnMark): { left: number; right: number; top: number; bottom: number } {
  const [, x, y, width, height] = (
    /^M([-\d.e]+),([-\d.e]+)h([-\d.e]+)v([-\d.e]+)h/.exec(mark.attribute('d')) ?? []
  ).map(Number)
  if (x === undefined || y === undefined || width === undefined || height === undefined) {
    throw new Error(`not a bar: ${mark.attribute('d')}`)
  }
  const [top, bottom] = [mark.y + Math.min(y, y + height), mark.y + Math.max(y, y + height)]
  return { left: mark.x + x, right: mark.x + x + width, top, bottom }
}
