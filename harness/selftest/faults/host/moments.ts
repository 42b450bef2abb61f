/** Signals in each phase of a run. */

/** What a run says on standard error when a phase begins; the first is its start, before it says anything. */
const PHASES: Readonly<Record<string, string>> = {
  'its start': '',
  'the probe': 'probing',
  'the formatting': 'formatting',
  'the image': 'writing image',
  'the first round': 'round 1',
  'a later round': 'round 3',
}

const SIGNALS = ['INT', 'TERM', 'HUP'] as const

/** Runs a command in the background (-m: with the signals of one in the foreground) and sends it a signal at its words. */
const SIGNALLED = `signal=$1 words=$2; shift 2
"$@" 2>/var/tmp/host/stderr & pid=$!
until [ -z "$words" ] || grep -q -- "$words" /var/tmp/host/stderr || ! kill -0 $pid 2>/dev/null; do sleep 0.02; done
kill -"$signal" $pid 2>/dev/null; wait $pid; code=$?
cat /var/tmp/host/stderr >&2; exit $code`

export interface Moment {
  what: string
  /** Words before the program. */
  before: string[]
}

/** Returns the signals, each in each phase. */
export function moments(): Moment[] {
  return SIGNALS.flatMap((signal) =>
    Object.entries(PHASES).map(([phase, words]) => ({
      what: `SIG${signal} at ${phase}`,
      before: ['sh', '-m', '-c', SIGNALLED, 'sh', signal, words],
    })),
  )
}

/** Exit codes of a run that a signal has stopped, or that was just ending: 128 + n. */
export const STOPPED = [0, 129, 130, 143]
