/** Plans of the references, as on the command line of `bench run`: the only place here that names configurations. */

/** The configuration on which the harness is compared with other programs: most engines' default. */
export const USUAL = 'overlay2@ext4'

/** Configuration and size of the file whose first write is compared with C. */
export const FIRST_WRITES = [
  [USUAL, '16M'],
  [USUAL, '256M'],
  ['overlay2@xfs', '256M'],
  ['btrfs', '256M'],
] as const

/** The smallest run that there is: one round of one configuration, on loop files that are as small as they can be. */
export const SMALLEST = {
  driver: 'bare',
  controls: 'off',
  scenario: 'bigfile',
  set: { size: '1M', depth: 0 },
  calibration: 'none',
  rounds: 1,
  'scratch-size': '64M',
}
