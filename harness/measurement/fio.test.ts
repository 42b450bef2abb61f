import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { benchErrorOf } from '../testing/errors.ts'
import { createFakeHost } from '../testing/fake-host.ts'
import { diskFolder } from '../testing/scratch-file.ts'
import { fioJobFile, parseFioOutput, runFio } from './fio.ts'

const direction = (bytes: number) => ({
  iops: bytes / 4096,
  io_bytes: bytes,
  runtime: 2000,
  clat_ns: { percentile: { '50.000000': 2_000_000, '99.900000': 5_000_000 } },
})
const job = (changes: object = {}) => ({
  jobname: 'one',
  error: 0,
  read: direction(0),
  write: direction(8192),
  ...changes,
})
const output = (...jobs: object[]) => JSON.stringify({ jobs }, null, 2)

test('a job file: a section a job, each waits for the one before', () => {
  const jobs = [
    { name: 'first', options: { rw: 'randwrite', bs: '4k' } },
    { name: 'second', options: { rw: 'read' } },
  ]
  expect(fioJobFile(jobs)).toBe('[first]\nrw=randwrite\nbs=4k\nstonewall\n\n[second]\nrw=read\nstonewall\n')
})

describe('the output of fio', () => {
  test('is read into seconds and bytes', () => {
    expect(parseFioOutput(output(job()))).toEqual([
      { iops: 2, bytes: 8192, runtime: 2, clat: { '50': 0.002, '99.9': 0.005 } },
    ])
  })

  test('may be preceded by notes, even with braces in them', () => {
    const noise = 'fio: note {not JSON}\nfio: file /x may {be} old\n'
    expect(parseFioOutput(`${noise}${output(job())}`)).toHaveLength(1)
  })

  test('of a job that only read is what it read', () => {
    const [result] = parseFioOutput(output(job({ read: direction(40_960), write: direction(0) })))
    expect(result).toMatchObject({ bytes: 40_960, iops: 10 })
  })

  test('has the latency of fsyncs where there were some', () => {
    const sync = { lat_ns: { percentile: { '95.000000': 2_000_000 } } }
    expect(parseFioOutput(output(job({ sync })))[0]?.sync).toEqual({ '95': 0.002 })
    expect(parseFioOutput(output(job({ sync: { lat_ns: {} } })))[0]).not.toHaveProperty('sync')
  })

  test('has the rate of each second where steady state was looked for', () => {
    const steadystate = { ss: 'iops:0%', attained: 0, data: { iops_mean: 11, iops: [10, 12] } }
    expect(parseFioOutput(output(job({ steadystate })))[0]?.perSecond).toEqual([10, 12])
    expect(parseFioOutput(output(job()))[0]).not.toHaveProperty('perSecond')
  })

  test('of a job that failed is the failure of the cell', () => {
    const error = benchErrorOf(() => parseFioOutput(output(job(), job({ jobname: 'two', error: 28 }))))
    expect(error).toMatchObject({ code: 'fio.job', exitCode: 5 })
    expect(error.message).toContain('two failed with errno 28')
  })

  test.each(['', 'no JSON at all', '{"jobs": [', '{"jobs": 1}', '{}'])('"%s" cannot be read', (text) => {
    const error = benchErrorOf(() => parseFioOutput(text))
    expect(error).toMatchObject({ code: 'fio.output', exitCode: 5 })
    expect(error.message).not.toContain('\n')
  })
})

test('fio is started once for all jobs, with the percentiles that are reported', async () => {
  using folder = diskFolder()
  const host = createFakeHost({ run: () => output(job()) })
  await runFio(host, [{ name: 'a', options: {} }], '/target', folder.path)
  const file = join(folder.path, 'job.fio')
  expect(host.calls).toEqual([
    `run fio --output-format=json --percentile_list=50:95:99:99.9 --directory=/target ${file}`,
  ])
  expect(readFileSync(file, 'utf8')).toBe('[a]\nstonewall\n')
})
