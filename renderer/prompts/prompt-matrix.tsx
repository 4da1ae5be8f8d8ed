/** The matrix of relations and models: click or Enter opens what a cell has, or offers to fill it; arrow keys move. */
import { Text, UnstyledButton } from '@mantine/core'
import { type KeyboardEvent, useRef, useState } from 'react'
import { count } from '#engine/common/format/count.ts'
import { percent } from '#renderer/components/numbers.ts'
import { shortNames } from '#renderer/figures/short-names.ts'
import type { MatrixCell, MatrixRow, PromptMatrix } from './matrix-data.ts'
import './prompt-matrix.css'

type Props = {
  matrix: PromptMatrix
  /** The key of the cell that the inspector shows. */
  shown: string | null
  onOpen: (cell: MatrixCell) => void
}

const signs: Record<MatrixCell['state'], string> = {
  tuned: '●',
  imported: '◆',
  transferred: '→',
  missing: '+',
  filtered: ''
}

const meanings: Record<MatrixCell['state'], string> = {
  tuned: 'tuned here',
  imported: 'imported',
  transferred: 'transferred only',
  missing: 'missing',
  filtered: 'hidden by the filter'
}

/** In pixels; below it the table scrolls sideways. */
const [relationWidth, leastColumn] = [190, 108]

/** As many letters of a model's name as its column has room for. */
const headLetters = 14

/** A cell for whoever can't look, and as its hint. */
function describe({ relation, model, state, prompts, evaluation }: MatrixCell): string {
  const parts = [meanings[state]]
  if (prompts.length > 1) parts.push(`${count(prompts.length)} prompts`)
  if (evaluation !== null) {
    const { scores, split } = evaluation
    parts.push(`${percent(scores.accuracy)} of ${count(scores.examples)} (${split})`)
  } else if (prompts.length > 0) parts.push('not evaluated')
  return `${relation}, ${model.name}: ${parts.join(', ')}`
}

/** Where a key leads from a place; null where it means nothing here. */
function moved(
  [row, column]: readonly [number, number],
  key: string,
  rows: number,
  columns: number
): [number, number] | null {
  switch (key) {
    case 'ArrowUp':
      return [Math.max(0, row - 1), column]
    case 'ArrowDown':
      return [Math.min(rows - 1, row + 1), column]
    case 'ArrowLeft':
      return [row, Math.max(0, column - 1)]
    case 'ArrowRight':
      return [row, Math.min(columns - 1, column + 1)]
    case 'Home':
      return [row, 0]
    case 'End':
      return [row, columns - 1]
    default:
      return null
  }
}

export function PromptMatrixTable({ matrix, shown, onOpen }: Props) {
  const { models, groups } = matrix
  const heads = shortNames(
    models.map(({ name }) => name),
    headLetters
  )
  const table = useRef<HTMLTableElement>(null)
  const rows = groups.flatMap(({ items }) => items)
  const [focused, setFocused] = useState<string | null>(null)
  const cells = rows.flatMap((row) => row.cells)
  // One cell is reached by the tab key; a filter may have taken the one that was.
  const reachable = cells.find(({ key }) => key === focused) ?? cells[0]
  const onKey = (event: KeyboardEvent<HTMLElement>, row: number, column: number): void => {
    const to = moved([row, column], event.key, rows.length, models.length)
    if (to === null) return
    event.preventDefault()
    const place = to[0] * models.length + to[1]
    table.current?.querySelectorAll<HTMLElement>('.matrix-cell')[place]?.focus()
  }
  let index = -1
  return (
    <>
      <div className="prompt-matrix">
        <table
          ref={table}
          aria-label="Prompts by relation and model"
          style={{ minWidth: relationWidth + models.length * leastColumn }}
        >
          <thead>
            <tr>
              <th scope="col" className="relation">
                Relation
              </th>
              {models.map(({ key, name, model }, index) => (
                <th key={key} scope="col" title={model === null ? `${name}: not in the project` : name}>
                  {heads[index]}
                </th>
              ))}
            </tr>
          </thead>
          {groups.map(({ kind, items }) => (
            <tbody key={kind ?? 'other'}>
              {(groups.length > 1 || kind !== null) && (
                <tr className="kind">
                  <th colSpan={models.length + 1} scope="rowgroup">
                    <span>{`${kind ?? 'Of no known kind'} · ${count(items.length)} ${items.length === 1 ? 'relation' : 'relations'}`}</span>
                  </th>
                </tr>
              )}
              {items.map((row) => {
                index++
                const at = index
                return (
                  <Row
                    key={row.relation}
                    row={row}
                    shown={shown}
                    reachable={reachable?.key ?? null}
                    onOpen={onOpen}
                    onFocus={setFocused}
                    onKey={(event, column) => onKey(event, at, column)}
                  />
                )
              })}
            </tbody>
          ))}
        </table>
      </div>
      <Text size="xs" className="quiet">
        {(['tuned', 'imported', 'transferred', 'missing'] as const)
          .map((state) => `${signs[state]} ${meanings[state]}`)
          .join(' · ')}
        {' · accuracy on its own model, the bar from 0 to 100 % · ×2: several prompts, the newest shown'}
      </Text>
    </>
  )
}

type RowProps = {
  row: MatrixRow
  shown: string | null
  reachable: string | null
  onOpen: Props['onOpen']
  onFocus: (key: string) => void
  onKey: (event: KeyboardEvent<HTMLElement>, column: number) => void
}

function Row({ row: { relation, label, cells }, shown, reachable, onOpen, onFocus, onKey }: RowProps) {
  return (
    <tr>
      <th scope="row" className="relation" title={label === null ? relation : `${relation}: ${label}`}>
        {relation}
        {label !== null && <span className="quiet"> {label}</span>}
      </th>
      {cells.map((cell, column) => {
        const { key, state, prompts, evaluation } = cell
        const text = describe(cell)
        return (
          <td key={key}>
            <UnstyledButton
              className="matrix-cell"
              data-state={state}
              data-shown={key === shown}
              aria-label={text}
              title={text}
              tabIndex={key === reachable ? 0 : -1}
              style={{ backgroundSize: `${100 * (evaluation?.scores.accuracy ?? 0)}% 100%` }}
              onFocus={() => onFocus(key)}
              onKeyDown={(event) => onKey(event, column)}
              onClick={() => {
                if (state !== 'filtered') onOpen(cell)
              }}
            >
              <span className="sign">{signs[state]}</span>
              {evaluation !== null && percent(evaluation.scores.accuracy)}
              {prompts.length > 1 && <span className="several">×{prompts.length}</span>}
            </UnstyledButton>
          </td>
        )
      })}
    </tr>
  )
}
