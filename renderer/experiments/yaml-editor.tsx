/**
 * A YAML text in CodeMirror: coloured, completed from a schema, with mistakes at their places. Loaded with the first experiment
 * file that is opened. Tab indents; Escape, then Tab leaves.
 */
import { autocompletion, type Completion, type CompletionSource } from '@codemirror/autocomplete'
import { indentWithTab } from '@codemirror/commands'
import { yaml } from '@codemirror/lang-yaml'
import { syntaxHighlighting } from '@codemirror/language'
import { type Diagnostic, lintGutter, setDiagnostics } from '@codemirror/lint'
import { EditorState } from '@codemirror/state'
import { EditorView, keymap } from '@codemirror/view'
import { classHighlighter } from '@lezer/highlight'
import { basicSetup } from 'codemirror'
import { type Ref, useEffect, useImperativeHandle, useRef } from 'react'
import type { ExperimentMistake } from '#preload/contract/experiment-methods.ts'
import { styleNonce } from '#renderer/components/style-nonce.ts'
import type { SchemaOption } from './schema-options.ts'
import { type YamlPlace, yamlPlaceAt } from './yaml-place.ts'
import './yaml-editor.css'

export type YamlEditorHandle = {
  /** Puts the cursor at a place, both counted from 1, and shows it. */
  goTo(line: number, column: number): void
}

type Props = {
  label: string
  text: string
  onChange: (text: string) => void
  mistakes: readonly ExperimentMistake[]
  /** What may stand at a place of the text. */
  options: (text: string, place: YamlPlace) => readonly SchemaOption[]
  handle: Ref<YamlEditorHandle>
}

export default function YamlEditor({ label, text, onChange, mistakes, options, handle }: Props) {
  const place = useRef<HTMLDivElement>(null)
  const editor = useRef<EditorView | null>(null)
  const latest = useRef({ onChange, options })
  useEffect(() => {
    latest.current = { onChange, options }
  })
  const first = useRef(text)
  useEffect(() => {
    const parent = place.current
    if (parent === null) return
    const complete: CompletionSource = ({ state, pos, explicit }) =>
      completionAt(state.doc.toString(), pos, explicit, latest.current.options)
    const view = new EditorView({
      parent,
      doc: first.current,
      extensions: [
        basicSetup,
        yaml(),
        syntaxHighlighting(classHighlighter),
        autocompletion({ override: [complete] }),
        lintGutter(),
        keymap.of([indentWithTab]),
        EditorState.tabSize.of(2),
        EditorView.cspNonce.of(styleNonce()),
        // It is in the order of Tab anyway, which not everything that looks at the page knows.
        EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0' }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) latest.current.onChange(update.state.doc.toString())
        })
      ]
    })
    editor.current = view
    return () => view.destroy()
  }, [label])
  useEffect(() => {
    const view = editor.current
    const shown = view?.state.doc.toString()
    // What the form changed; what was typed here is there already.
    if (view !== null && shown !== text)
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } })
  }, [text])
  useEffect(() => {
    const view = editor.current
    if (view !== null) view.dispatch(setDiagnostics(view.state, mistakes.map(diagnosticIn(view.state))))
  }, [mistakes])
  useImperativeHandle(handle, () => ({
    goTo: (line, column) => {
      const view = editor.current
      if (view === null) return
      view.dispatch({ selection: { anchor: offsetIn(view.state, line, column) }, scrollIntoView: true })
      view.focus()
    }
  }))
  return <div className="yaml-editor" ref={place} />
}

/** The offset of a place that may be beyond the text by now. */
function offsetIn({ doc }: EditorState, line: number, column: number): number {
  const { from, to } = doc.line(Math.max(1, Math.min(line, doc.lines)))
  return Math.min(from + column - 1, to)
}

function diagnosticIn(state: EditorState): (mistake: ExperimentMistake) => Diagnostic {
  return ({ line, column, found, expected }) => {
    const from = offsetIn(state, line, column)
    const { to } = state.doc.lineAt(from)
    return { from, to, severity: 'error', message: `Found ${found}, expected ${expected}` }
  }
}

function toCompletion({ label, kind, description, usual }: SchemaOption): Completion {
  const info = [description, usual === null ? null : `Left out: ${usual}.`].filter((part) => part !== null)
  return {
    label,
    type: kind === 'key' ? 'property' : kind === 'name' ? 'variable' : 'constant',
    ...(kind === 'key' ? { apply: `${label}: ` } : {}),
    ...(info.length > 0 ? { info: info.join(' ') } : {})
  }
}

function completionAt(text: string, offset: number, explicit: boolean, optionsOf: Props['options']) {
  const place = yamlPlaceAt(text, offset)
  if (place.typed === '' && !explicit) return null
  const options = optionsOf(text, place).map(toCompletion)
  return { from: offset - place.typed.length, options, validFor: /^[\w.-]*$/ }
}
