/** The picture of all weights: a curve for two sources, a map for three, a profile of each for more. */
import { Text } from '@mantine/core'
import { memo } from 'react'
import { WeightCurve, type WeightPictureProps } from './weight-curve.tsx'
import { WeightMap } from './weight-map.tsx'
import { WeightProfiles } from './weight-profiles.tsx'

export const WeightPicture = memo(function WeightPicture(props: WeightPictureProps) {
  switch (props.solved.sides.sources.length) {
    case 2:
      return <WeightCurve {...props} />
    case 3:
      return <WeightMap {...props} />
    case 0:
    case 1:
      return (
        <Text className="quiet" py="md">
          Choose two sources for a curve along their weight, three for a map, more for a profile of each.
        </Text>
      )
    default:
      return <WeightProfiles {...props} />
  }
})
