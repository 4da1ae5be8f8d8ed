/** The experiment that the cluster runs: the small one with a target more, twice as many relations and longer tuning. */
import { sampleFolder, smallExperiment } from '#test/support/small-experiment.ts'

export const sampleExperiment = smallExperiment(
  ['name: small', 'name: The sample on a cluster'],
  ['sources: [bert-small', `  roberta-large: ${sampleFolder}/models/roberta-large\nsources: [bert-small`],
  ['targets: [bert-large]', 'targets: [bert-large, roberta-large]'],
  ['[capital, currency]', '[capital, currency, animal-class, birthplace]'],
  ['epochs: 1', 'epochs: 4']
)
