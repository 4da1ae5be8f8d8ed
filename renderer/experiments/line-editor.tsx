/** A text with its lines numbered; lines with mistakes are marked, and can be gone to. */
import { type RefObject, useRef } from 'react'
import './line-editor.css'

type Props = {
  label: string
  text: string
  onChange: (text: string) => void
  /** Lines with a mistake, from 1. */
  marked: ReadonlySet<number>
  area: RefObject<HTMLTextAreaElement | null>
}

export function LineEditor({ label, text, onChange, marked, area }: Props) {
  const numbers = useRef<HTMLDivElement>(null)
  const lines = text.split('\n').map((_line, index) => index + 1)
  return (
    <div className="line-editor">
      <div className="line-numbers" ref={numbers} aria-hidden>
        {lines.map((line) => (
          <div key={line} data-marked={marked.has(line)}>
            {line}
          </div>
        ))}
      </div>
      <textarea
        ref={area}
        aria-label={label}
        aria-invalid={marked.size > 0}
        value={text}
        wrap="off"
        spellCheck={false}
        onChange={({ currentTarget }) => onChange(currentTarget.value)}
        onScroll={({ currentTarget }) => {
          if (numbers.current !== null) numbers.current.scrollTop = currentTarget.scrollTop
        }}
      />
    </div>
  )
}

/** Puts the cursor at a place of a text area, both counted from 1, and shows its line. */
export function goTo(area: HTMLTextAreaElement, line: number, column: number): void {
  const before = area.value.split('\n').slice(0, line - 1)
  const position = before.reduce((sum, one) => sum + one.length + 1, 0) + column - 1
  area.focus()
  area.setSelectionRange(position, position)
  const height = area.scrollHeight / area.value.split('\n').length
  area.scrollTop = Math.max(0, (line - 5) * height)
}
