import { describe, expect, it } from 'vitest'
import type { Outcome } from '../../../harness/contracts/cell.ts'
import { runMarkdown } from '../markdown/run.ts'
import { runTerminal } from './run.ts'
import { summarize } from '../../summary/summarize.ts'
import { smallRun, smallSample } from '../../testing/small-run.ts'

const CONFIGURATIONS = ['bare', 'zfs', 'aufs']
const PARAMS = [{ size: '1M' }, { size: '2M' }, { size: '4M' }]

/** A run whose cells ended so, by configuration, without a sample. */
function endedAs(outcomes: Readonly<Record<string, Outcome>>) {
  const run = smallRun(CONFIGURATIONS, PARAMS)
  for (const { id, configuration } of run.cells) {
    run.outcomes[id] = outcomes[configuration] ?? { state: 'completed' }
  }
  return run
}

const unsupported = (reason: string, hint: string) => ({
  state: 'unsupported' as const,
  code: 'x',
  reason,
  hint,
})

describe('a run that measured nothing', () => {
  const run = endedAs({
    bare: unsupported('this kernel has no zfs', 'install OpenZFS'),
    zfs: unsupported('this kernel has no zfs', 'install OpenZFS'),
    aufs: unsupported('this kernel has no aufs', ''),
  })
  const lines = [
    'Nothing was measured.',
    'Unsupported: this kernel has no zfs: bare and zfs; install OpenZFS',
    'Unsupported: this kernel has no aufs: aufs',
  ]

  it('says why in a line for each reason, and draws no table', () => {
    expect(runTerminal(summarize(run, []), 120, false)).toBe(lines.join('\n'))
    expect(runMarkdown(summarize(run, []))).not.toContain('|')
  })

  it('since every cell failed does not look completed, even where no error has a message', () => {
    const failed = { state: 'failed' as const, code: 'x', reason: '', hint: '' }
    const whole = endedAs({ bare: failed, zfs: failed, aufs: failed })
    expect(runTerminal(summarize(whole, []), 120, false)).toBe(
      'Nothing was measured.\nFailed: no reason was recorded: bare, zfs and aufs',
    )
  })

  it('is no run with a sample', () => {
    const sample = smallSample('bare|1M', 0, { all: 1 })
    expect(runTerminal(summarize(run, [sample]), 120, false)).not.toContain('Nothing was measured')
  })
})
