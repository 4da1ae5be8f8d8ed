/** The picture of all weights: a curve for two sources, a map for three. */
import { Text } from '@mantine/core'
import { memo } from 'react'
import { WeightCurve, type WeightPictureProps } from './weight-curve.tsx'
import { WeightMap } from './weight-map.tsx'

export const WeightPicture = memo(function WeightPicture(props: WeightPictureProps) {
  switch (props.solved.sides.sources.length) {
    case 2:
      return <WeightCurve {...props} />
    case 3:
      return <WeightMap {...props} />
    default:
      return (
        <Text className="quiet" py="md">
          Choose two sources for a curve along their weight, or three for a map of their weights.
        </Text>
      )
  }
})
