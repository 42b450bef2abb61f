/** From a machine of the lab to the report at home, as a person does it: Debian 12's kernel has the device mapper. */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readFleet } from '../../remote/fleet/fleet-folder.ts'
import { labVmOfThisFile } from '../../testing/lab-vm.ts'
import { readWholeRun } from '../../testing/whole-run.ts'
import { makePlace, startBench } from '../testing/bench.ts'

/** Smallest workload for each driver: the machine's processor is emulated. */
const DRIVERS = ['overlay2', 'devicemapper', 'devicemapper+pool=loop']
const SCENARIOS = ['bigfile', 'smallwrites', 'startup']
const SMALLEST = [
  'bigfile.size=1M',
  'bigfile.depth=0',
  'smallwrites.op=create-many',
  'smallwrites.files=20',
  'layers=1',
  'image=tiny',
]
const LONGEST_MILLISECONDS = 900_000
const GIBIBYTE = 1024 ** 3

const vm = labVmOfThisFile('debian-12', { scratch: 8 * GIBIBYTE, memory: GIBIBYTE })

test(
  'all that a run there measured comes home, with the evidence that each mechanism ran',
  async () => {
    using place = makePlace()
    const what = ['--host', vm().name, '--driver', DRIVERS.join(','), '--scenario', SCENARIOS.join(',')]
    const how = [
      ...SMALLEST.flatMap((each) => ['--set', each]),
      '--rounds',
      '1',
      '--calibration',
      'none',
      '--controls',
      'off',
    ]
    const { code, stderr } = await startBench(
      place,
      ['run', ...what, ...how, '--output', place.output],
      { XDG_STATE_HOME: vm().state },
      LONGEST_MILLISECONDS,
    ).ended
    expect(code, stderr).toBe(0)

    const [fleetId = ''] = readdirSync(place.output)
    const fleet = join(place.output, fleetId)
    expect(readFleet(fleet).hosts).toMatchObject([{ name: vm().name, state: 'completed' }])
    expect(existsSync(join(fleet, 'report.html'))).toBe(true)
    const { run, samples } = readWholeRun(join(fleet, 'hosts', vm().name))
    expect(run.host.kernel).toBe(vm().record.kernelRelease)
    expect(Object.values(run.outcomes).filter(({ state }) => state !== 'completed')).toEqual([])
    expect(samples).toHaveLength(run.cells.length)
    const mechanisms = samples
      .filter(({ cell }) => cell.includes('bigfile'))
      .map(({ cell, witness }) => [cell.split(' ')[0], witness?.mechanism])
    expect(Object.fromEntries(mechanisms)).toEqual({
      'overlay2@ext4': 'copied-up',
      'devicemapper@ext4': 'block-cow',
      'devicemapper@ext4+pool=loop': 'block-cow',
    })
  },
  LONGEST_MILLISECONDS,
)
