import type { FixtureScenario } from './fixture-scenarios.ts'

/** A question along a number of files, kept where a test asks for it. */
export const METADATA: FixtureScenario = {
  info: {
    id: 'metadata',
    title: 'Changing metadata',
    question: 'What does it cost to change the owner of many files of the image?',
    phases: [
      { id: 'prepare', title: 'Prepare', unit: 's', better: 'lower' },
      { id: 'chown', title: 'Change owners', unit: 's', better: 'lower', headline: true },
    ],
  },
  image: 'metadata-8-layers',
  sets: ['100', '1000', '10000'].map((files) => ({
    params: { files },
    label: `${Number(files).toLocaleString('en-US')} files`,
    subject: `Changing the owner of ${files} files`,
    phases: ['prepare', 'chown'],
  })),
  measure(behaviour, params, noise) {
    const files = Number(params['files'])
    const phases = {
      prepare: behaviour.prepare * noise.factor(0.1),
      chown: (1e-3 + files * 4e-6 * behaviour.smallWrites ** 3) * noise.factor(0.08),
    }
    return { phases, written: { chown: files * 512 }, allocated: files * 512, changed: files }
  },
}
