/** The models of the project in a table; what each can do is read as it comes into sight. */
import { Badge, Group, UnstyledButton } from '@mantine/core'
import { useMemo } from 'react'
import { count } from '#engine/common/format/count.ts'
import type { ModelEntry } from '#preload/contract/model-methods.ts'
import { type TableColumn, VirtualTable } from '#renderer/components/virtual-table.tsx'
import { useAbilities } from './abilities.ts'
import { AbilityBadge } from './ability-badge.tsx'
import { hashingText } from './model-facts.tsx'

type Row = ModelEntry & { readonly prompts: number }

type Props = {
  models: readonly Row[]
  onShow: (id: string) => void
}

function Abilities({ model }: { model: ModelEntry }) {
  const abilities = useAbilities(model, true)
  if (model.missing)
    return (
      <Badge color="red" variant="light" tt="none">
        folder is missing
      </Badge>
    )
  return (
    <Group gap={4} wrap="nowrap">
      {abilities.map((ability) => (
        <AbilityBadge key={ability.name} ability={ability} />
      ))}
    </Group>
  )
}

function columnsOf(onShow: Props['onShow']): TableColumn<Row>[] {
  return [
    {
      key: 'name',
      title: 'Name',
      grow: 5,
      value: ({ report }) => report.name,
      show: ({ id, report }) => (
        <UnstyledButton className="name" onClick={() => onShow(id)}>
          {report.name}
        </UnstyledButton>
      )
    },
    { key: 'family', title: 'Family', grow: 2, value: ({ report }) => report.family },
    { key: 'width', title: 'Width', grow: 2, value: ({ report }) => report.width, isNumber: true },
    {
      key: 'vocabulary',
      title: 'Vocabulary',
      grow: 3,
      value: ({ report }) => report.vocabularySize,
      show: ({ report }) => count(report.vocabularySize),
      isNumber: true
    },
    { key: 'tokenizer', title: 'Tokenizer', grow: 3, value: ({ report }) => report.tokenizer.kind },
    { key: 'prompts', title: 'Prompts', grow: 2, value: ({ prompts }) => prompts, isNumber: true },
    {
      key: 'abilities',
      title: 'Abilities',
      grow: 6,
      value: ({ missing }) => (missing ? 0 : 1),
      show: (model) => <Abilities model={model} />
    },
    {
      key: 'weights',
      title: 'Weights',
      grow: 3,
      value: ({ weights }) => weights,
      show: ({ weights, hashing }) => weights?.slice(0, 12) ?? hashingText(hashing)
    },
    { key: 'folder', title: 'Folder', grow: 6, value: ({ reference }) => reference.folder }
  ]
}

export function ModelTable({ models, onShow }: Props) {
  const columns = useMemo(() => columnsOf(onShow), [onShow])
  return <VirtualTable label="Models" items={models} columns={columns} minWidth={1130} />
}
