import type { Warning } from '../../harness/contracts/warning.ts'
import type { PhaseSummary } from './figures.ts'

/**
 * Reasons in a headline's samples not to trust its median alone. Worded for a cell and for many at
 * once.
 */
export function shapeWarnings({ modes, drift, autocorrelation }: PhaseSummary): Warning[] {
  return [
    ...(modes.length < 2
      ? []
      : [
          {
            code: 'samples.modes',
            message: 'the samples gather in two places or more: read the modes, not the median alone',
          },
        ]),
    ...(drift === null
      ? []
      : [
          {
            code: 'samples.drift',
            message:
              'the figures drift over the run; ratios are of one round and stand, medians are of a state that changed',
          },
        ]),
    ...(autocorrelation === null
      ? []
      : [
          {
            code: 'samples.autocorrelated',
            message: 'samples of successive rounds resemble each other, so their intervals are too narrow',
          },
        ]),
  ]
}
