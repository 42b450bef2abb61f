import { describe, expect, test } from 'vitest'
import { calibrationSchema } from '../../contracts/calibration.ts'
import { diskFolder, testHost } from '../../testing/scratch-file.ts'
import { calibrate, type CalibrationInputs } from './calibrate.ts'

const effort = { area: 8 * 1024 ** 2, jobSeconds: 0.05, noiseSeconds: 0.05 }

function inputs(directory: string, changes: Partial<CalibrationInputs> = {}): CalibrationInputs {
  return {
    host: testHost(),
    extent: 'brief',
    device: null,
    directory,
    stopping: () => false,
    onStep: () => undefined,
    effort,
    ...changes,
  }
}

describe('without a device', () => {
  test('the cost of the harness and the noise are still measured', async () => {
    using folder = diskFolder()
    const steps: string[] = []
    const calibration = await calibrate(inputs(folder.path, { onStep: (text) => steps.push(text) }))
    expect(calibrationSchema.parse(calibration)).toEqual(calibration)
    expect(calibration?.device).toBeNull()
    expect(calibration?.noise).toHaveLength(2)
    expect(steps).toEqual(['cost of the harness', 'noise of disk and CPU, 0.05 s'])
  })

  test('it returns nothing when it was asked to stop', async () => {
    using folder = diskFolder()
    expect(await calibrate(inputs(folder.path, { stopping: () => true }))).toBeNull()
  })
})
