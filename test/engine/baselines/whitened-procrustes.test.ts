import { EigenvalueDecomposition, SingularValueDecomposition, Matrix as SmallMatrix } from 'ml-matrix'
import { describe, expect, test } from 'vitest'
import { whitenedProcrustes } from '#engine/baselines/whitened-procrustes.ts'
import type { Matrix } from '#engine/common/contract/matrix.ts'
import { largestDifference } from '#test/support/safetensors.ts'
import { promptNear, sharedTable } from '#test/support/small-world.ts'

const toSmall = ({ rows, columns, data }: Matrix): SmallMatrix => SmallMatrix.from1DArray(rows, columns, data)

/** `(AᵀA)^power` by eigenvalues: the symmetric whitening at −1/2, and its undoing at 1/2. */
function momentsTo(power: number, table: SmallMatrix): SmallMatrix {
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(table.transpose().mmul(table))
  const scaled = SmallMatrix.diag(realEigenvalues.map((value) => value ** power))
  return eigenvectorMatrix.mmul(scaled).mmul(eigenvectorMatrix.transpose())
}

function bySymmetricWhitening(source: SmallMatrix, target: SmallMatrix, vectors: SmallMatrix): SmallMatrix {
  const [from, to] = [momentsTo(-0.5, source), momentsTo(-0.5, target)]
  const cross = source.mmul(from).transpose().mmul(target.mmul(to))
  const { leftSingularVectors, rightSingularVectors } = new SingularValueDecomposition(cross, {
    autoTranspose: true
  })
  const turned = leftSingularVectors.mmul(rightSingularVectors.transpose())
  return vectors.mmul(from).mmul(turned).mmul(momentsTo(0.5, target))
}

describe.each([
  ['wider', 14, 20],
  ['narrower', 20, 14],
  ['of one width', 14, 14]
])('to a target that is %s', (_, sourceWidth, targetWidth) => {
  const source = sharedTable(120, sourceWidth, 10)
  const target = sharedTable(120, targetWidth, 30)
  const prompt = promptNear(source, 3, 5)

  test('equals whitening by the symmetric square root', async () => {
    const { vectors, notes } = await whitenedProcrustes({ source, target }, prompt, false)
    const expected = bySymmetricWhitening(toSmall(source), toSmall(target), toSmall(prompt))
    expect(largestDifference(vectors.data, expected.to1DArray())).toBeLessThan(1e-8)
    expect(notes).toEqual([])
  })

  test('centred, equals that of centred tables, moved by the means', async () => {
    const { vectors } = await whitenedProcrustes({ source, target }, prompt, true)
    const [from, to] = [toSmall(source).mean('column'), toSmall(target).mean('column')]
    const less = (matrix: Matrix, means: number[]) => toSmall(matrix).subRowVector(means)
    const expected = bySymmetricWhitening(less(source, from), less(target, to), less(prompt, from))
    expect(largestDifference(vectors.data, expected.addRowVector(to).to1DArray())).toBeLessThan(1e-8)
  })
})

test('fewer anchors than dimensions are said', async () => {
  const few = { source: sharedTable(9, 14, 10), target: sharedTable(9, 20, 30) }
  const { notes } = await whitenedProcrustes(few, few.source, false)
  expect(notes.join()).toMatch(/ridge of 1e-8 stands in/)
})
