/** `bench run --image` as a user runs it: the image of another program, on real mounts, with a real runtime. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { PLAIN } from '../../../scenarios/common/archive/header.ts'
import { readBusybox } from '../../../scenarios/dataset/busybox.ts'
import { writeLayout } from '../../../scenarios/testing/oci-layout.ts'
import { archiveOf } from '../../../scenarios/testing/tar.ts'
import { bench, makePlace, type Place } from '../../cli/testing/bench.ts'
import { expectNothingLeft } from '../../cli/testing/leftovers.ts'
import { isRoot } from '../../testing/scratch-file.ts'
import { readWholeRun } from '../../testing/whole-run.ts'

const BUSYBOX = readBusybox()
const lower = archiveOf([
  { entry: { ...PLAIN, path: 'bin/busybox', mode: 0o755, size: BUSYBOX.length }, content: BUSYBOX },
  { entry: { ...PLAIN, path: 'bin/sh', type: 'symlink', target: 'busybox' }, content: '' },
  { entry: { ...PLAIN, path: 'etc/old', size: 3 }, content: 'old' },
])
const upper = archiveOf([
  { entry: { ...PLAIN, path: 'etc/.wh.old' }, content: '' },
  { entry: { ...PLAIN, path: 'etc/new', size: 3 }, content: 'new' },
])

/** Writes an image that starts a shell which prints and then waits. */
function imageIn({ path }: Place): string {
  const folder = join(path, 'app')
  const starts = { Entrypoint: ['/bin/sh', '-c', 'echo up; busybox sleep 1000'] }
  writeLayout(
    folder,
    'app',
    [lower, upper].map((layer) => gzipSync(layer)),
    starts,
  )
  return folder
}

function run(place: Place, ...more: readonly string[]) {
  const quick = ['--driver', 'overlay2', '--rounds', '1', '--calibration', 'none', '--json']
  const where = ['--scratch', place.scratch, '--output', place.output, '--image', imageIn(place)]
  return bench(place, 'run', ...quick, ...where, ...more)
}

describe.skipIf(!isRoot)('a run on the image of another program', () => {
  test('changes its largest file, starts what it starts, runs a command in it, and leaves nothing', async () => {
    using place = makePlace()
    const command = 'busybox cat /etc/new > /etc/copy'
    const what = ['--scenario', 'bigfile,startup,exec,metadata', '--set', `command=${command}`]
    const { code, stdout, stderr } = await run(place, ...what)
    expect(code, stderr).toBe(0)
    const { run: made, samples } = readWholeRun((JSON.parse(stdout) as { run: string }).run)
    expect(made.options.image).toMatchObject({ name: 'app', layers: 2, files: 2 })
    const own = made.cells.filter(({ configuration }) => configuration === 'overlay2@ext4')
    expect(own.map(({ scenario, label }) => [scenario, label])).toEqual([
      ['bigfile', expect.stringMatching(/^bin\/busybox of [\d.]+ MiB, your image$/)],
      ['startup', 'your image, 2 layers'],
      ['exec', `${command}, your image`],
      ['metadata', '3 layers, your image'],
    ])
    expect(samples.map(({ state, reason }) => [state, reason])).toEqual(
      samples.map(() => ['completed', null]),
    )
    expectNothingLeft(place, made.id)
  })

  test.each([
    [['--scenario', 'bigfile', '--set', 'size=1M'], 'with --image, the image decides about it'],
    [['--scenario', 'bigfile', '--set', 'file=etc/nothing'], 'has no such regular file'],
    [['--scenario', 'startup', '--host', 'nowhere'], 'cannot be sent to hosts'],
  ])('%o is refused in one line', async (words, message) => {
    using place = makePlace()
    const { code, stderr } = await run(place, ...words)
    expect({ code, lines: stderr.trim().split('\n').length }).toEqual({ code: 2, lines: 1 })
    expect(stderr).toContain(message)
  })

  test('of a file that is no image is refused', async () => {
    using place = makePlace()
    const image = imageIn(place)
    const index = join(image, 'index.json')
    const { manifests } = JSON.parse(readFileSync(index, 'utf8')) as { manifests: [{ digest: string }] }
    const blob = join(image, 'blobs', manifests[0].digest.replace(':', '/'))
    const words = ['run', '--driver', 'overlay2', '--scenario', 'startup', '--image', blob]
    const { stderr, code } = await bench(place, ...words)
    expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining('--image') })
  })
})
