import { describe, test } from 'vitest'
import { expectRefusal, named, type Refusal } from './testing/refusal.ts'

const RUN = 'run --driver overlay2 --scenario bigfile'

const COMMANDS: readonly Refusal[] = [
  ['no command', () => [], /a command is missing/],
  ['an unknown command', 'rnu', /unknown command 'rnu'.*Did you mean run\?/],
  ['no subcommand', 'list', /a command is missing/],
  ['an unknown subcommand', 'list driver', /unknown command 'driver'.*drivers/],
  ['an unknown flag', `${RUN} --round 3`, /unknown option '--round'.*--rounds/],
  ['a flag of another command', 'clean --quiet', /unknown option '--quiet'/],
  ['a flag without its value', 'run --driver', /'--driver <configurations>' argument missing/],
  ['a word too many', `${RUN} now`, /too many arguments/],
  ['no driver', 'run --scenario bigfile', /--driver is missing/],
  ['no scenario', 'run --driver overlay2', /--scenario is missing/],
  ['nothing asked for', 'run', /--driver is missing/],
  ['the same for plan', 'plan --driver btrf --scenario bigfile', /did you mean btrfs\?/],
]

const DRIVERS: readonly Refusal[] = [
  ['an unknown one', 'run --driver overlya2 --scenario all', /no driver overlya2: did you mean overlay2\?/],
  ['an empty one', () => ['run', '--driver', '', '--scenario', 'all'], /a driver configuration is empty/],
  ['a comma at the end', 'run --driver overlay2, --scenario all', /a driver configuration is empty/],
  ['a backing', 'run --driver overlay2@ext3 --scenario all', /not run on ext3: did you mean ext4\?/],
  ['an option', 'run --driver overlay2+metacpy=on --scenario all', /metacpy: did you mean metacopy\?/],
  ['a value', 'run --driver overlay2+metacopy=yes --scenario all', /metacopy=yes is neither on nor off/],
  ['an option twice', 'run --driver overlay2+index=on+index=off --scenario all', /index is given twice/],
  ['half an option', 'run --driver overlay2+index --scenario all', /"\+index" .* is not OPTION=VALUE/],
]

const VALUES: readonly Refusal[] = [
  ['a scenario', 'run --driver all --scenario bigfil', /no scenario bigfil: did you mean bigfile\?/],
  ['a profile', `${RUN} --profile quik`, /--profile quik is not known: did you mean quick\?/],
  ['a cache state', `${RUN} --cache wram`, /--cache wram is not known: did you mean warm\?/],
  ['--set without a value', `${RUN} --set size`, /--set size is not KEY=VALUE/],
  ['an unknown key', `${RUN} --set sise=1M`, /has a parameter sise: did you mean size\?/],
  ['a scope that is not run', `${RUN} --set startup.layers=1`, /startup is not part of this run/],
  ['a key of no such scope', `${RUN} --set bigfile.layers=1`, /scenario bigfile has no parameter layers/],
  ['a parameter', `${RUN} --set size=huge`, /size=huge is not a size/],
  ['an empty value in a list', `${RUN} --set size=1M,`, /size= is not a size/],
  ['no rounds', `${RUN} --rounds 0`, /--rounds 0 is not a whole number/],
  ['rounds', `${RUN} --rounds ten`, /--rounds ten is not a whole number/],
  ['a seed', `${RUN} --seed -1`, /--seed -1 is not a whole number/],
  ['a budget without a unit', `${RUN} --budget 10`, /--budget 10 is not a duration: write 90s/],
  ['no budget', `${RUN} --budget 0s`, /--budget 0s is not a duration/],
  ['a size', `${RUN} --scratch-size 8gigs`, /--scratch-size 8gigs is not a size/],
  ['a folder and a device', `${RUN} --scratch /x --device /dev/x`, /--scratch and --device exclude/],
  ['something to destroy, but no device', `${RUN} --destroy disk`, /--destroy requires --device/],
]

describe('a wrong command', () => {
  test.each(named(COMMANDS))('%s', (_, refusal) => expectRefusal(refusal))
})

describe('a wrong driver', () => {
  test.each(named(DRIVERS))('%s', (_, refusal) => expectRefusal(refusal))
})

describe('a wrong value', () => {
  test.each(named(VALUES))('%s', (_, refusal) => expectRefusal(refusal))
})
