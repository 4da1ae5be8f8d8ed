/** The paper's claims, each held against the figures of an experiment: yes, no, or not measured, and what decides it. */
import type { MeasuredExperiment } from '../experiment-measurements.ts'
import {
  anchorsHelp,
  lengthHelpsToFive,
  matchingLeadsToAccuracy,
  normalisationHelps
} from './analysis-claims.ts'
import {
  beatsDiscretization,
  beatsManual,
  beatsProjector,
  directTransferFails,
  randomFails,
  transfersToItself,
  tuningIsUpperBound
} from './baseline-claims.ts'
import { type Evidence, gatherEvidence, type Verdict } from './evidence.ts'
import {
  classificationTransfers,
  decodersTransferWorse,
  encodersReachDecoders,
  largeSourcesTransferWorse,
  severalSourcesHelp
} from './source-claims.ts'

export type Claim = {
  readonly claim: string
  /** Where the paper makes it. */
  readonly where: string
  /** What decides it here. */
  readonly rule: string
  readonly verdict: 'yes' | 'no' | 'not measured'
  readonly figures: string
}

type Statement = Pick<Claim, 'claim' | 'where' | 'rule'> & {
  readonly check: (evidence: Evidence) => Verdict | null
}

const statements: readonly Statement[] = [
  {
    claim: 'Prompts are not directly transferable.',
    where: '§3.3, Table 1',
    rule: 'every copied prompt is below the manual template of its target',
    check: directTransferFails
  },
  {
    claim: 'Random prompts answer nothing.',
    where: '§3.3, Table 2',
    rule: 'below 1 % on every target',
    check: randomFails
  },
  {
    claim: 'Direct tuning is an upper bound of transfer.',
    where: '§3.3, Table 2',
    rule: 'no prompt transferred from one other model reaches it',
    check: tuningIsUpperBound
  },
  {
    claim: 'The method transfers better than discretization.',
    where: '§3.3, Table 3',
    rule: 'better on average, the interval above zero, and in most pairs of different models',
    check: beatsDiscretization
  },
  {
    claim: 'The method transfers better than the neural projector.',
    where: '§3.3, Table 3',
    rule: 'better on average, the interval above zero, and in most pairs of different models',
    check: beatsProjector
  },
  {
    claim: 'Transferred prompts surpass the manual template.',
    where: '§3.3, Table 3',
    rule: 'the best other source does on most targets',
    check: beatsManual
  },
  {
    claim: 'Several sources help.',
    where: '§3.3, Table 3',
    rule: 'better than its sources alone on average on targets that are none of them, the interval above zero',
    check: severalSourcesHelp
  },
  {
    claim: 'Prompts of larger sources transfer worse.',
    where: '§3.3',
    rule: 'of two sizes of a family the smaller is better on average, the interval above zero, and in most pairs',
    check: largeSourcesTransferWorse
  },
  {
    claim: 'A closer matching leads to a higher accuracy.',
    where: '§3.4, Figure 2',
    rule: 'Spearman’s ρ along the search above 0.5 on average, the interval over curves above zero',
    check: matchingLeadsToAccuracy
  },
  {
    claim: 'A prompt transferred to its own model is recovered.',
    where: '§3.4, Figure 2',
    rule: 'within two points of its accuracy as tuned, on average',
    check: transfersToItself
  },
  {
    claim: 'Normalisation helps across models and costs little within one.',
    where: '§3.4, Figure 3',
    rule: 'better across models on average, and less than five points lost within one',
    check: normalisationHelps
  },
  {
    claim: 'More anchors help.',
    where: '§3.4, Figure 4a',
    rule: 'every larger number is better than the smallest, across models on average',
    check: anchorsHelp
  },
  {
    claim: 'Longer prompts help, up to five vectors.',
    where: '§3.4, Figure 4b',
    rule: 'five vectors are the best of the lengths, across models on average',
    check: lengthHelpsToFive
  },
  {
    claim: 'Prompts of encoders can be transferred to decoders.',
    where: '§B.1, Table 5',
    rule: 'the best encoder beats the manual template on every decoder',
    check: encodersReachDecoders
  },
  {
    claim: 'Prompts of decoders transfer worse than manual templates.',
    where: '§B.1, Table 5',
    rule: 'below the manual template in most pairs',
    check: decodersTransferWorse
  },
  {
    claim: 'The method serves classification too.',
    where: '§B.2, Table 6',
    rule: 'every transferred prompt beats the manual template',
    check: classificationTransfers
  }
]

/** All claims of the paper against an experiment that is measured by accuracy. */
export function checkClaims(experiment: MeasuredExperiment): Claim[] {
  const evidence = gatherEvidence(experiment)
  return statements.map(({ check, ...statement }) => {
    const verdict = check(evidence)
    if (verdict === null) return { ...statement, verdict: 'not measured', figures: '' }
    return { ...statement, verdict: verdict.holds ? 'yes' : 'no', figures: verdict.figures }
  })
}
