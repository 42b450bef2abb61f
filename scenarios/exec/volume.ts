/** `volume=`: a directory of the image lies on a volume of the host, which passes the driver by. */
import { BenchError, ExitCode } from '../../harness/contracts/error.ts'
import type { Container, Trial, Volume } from '../../harness/contracts/scenario.ts'
import { contradiction } from '../common/witness.ts'
import { resolveIn } from '../dataset/own-image/program.ts'
import { readChanges } from './changes.ts'
import type { ExecParams } from './params.ts'

export interface ExecVolume {
  volume: Volume
  /** Directory of the image, relative to the root, with links followed. */
  directory: string
}

/** Mounts the volume, filled with what the image has there. Returns null where the cell has none. */
export async function mountExecVolume(
  trial: Trial<ExecParams>,
  container: Container,
): Promise<ExecVolume | null> {
  const { volume: given } = trial.params
  if (given === 'off') return null
  const named = given === 'on' ? (trial.own?.process.cwd ?? '/') : given
  const { manifest } = trial.evidence
  const directory = resolveIn(manifest, named)
  if (directory === null || manifest.get(directory)?.type !== 'directory')
    throw new BenchError(
      named === '/'
        ? 'volume=on: the working directory of the image is /, which cannot be a volume'
        : `volume=${named}: the image has no such directory`,
      {
        code: 'exec.volume',
        hint: 'name a directory of the image: --set volume=/var/lib/app',
        exitCode: ExitCode.cellFailed,
      },
    )
  return { volume: await trial.volume(container, directory), directory }
}

/**
 * Unmounts the volume and proves that what was on it passed the driver by: the mount table had the store's file system at the
 * directory, and the container's own directory, which shows again, is that of the image. Throws `witness.volume`. Returns the file
 * system and device of the volume.
 */
export async function requireVolume(
  { evidence }: Pick<Trial, 'evidence'>,
  container: Container,
  { volume, directory }: ExecVolume,
): Promise<string> {
  const where = volume.where()
  if (where === null)
    throw contradiction('volume', `no mount of the host's file system is at ${directory} of the container`)
  await volume.unmount()
  const { end } = await evidence.withImage((root) => readChanges(evidence.manifest, container.root, root))
  const changed = [...end.keys()].find((path) => path.startsWith(`${directory}/`))
  if (changed === undefined) return where
  throw contradiction(
    'volume',
    `${directory} lay on a volume, and ${changed} beneath it is ${end.get(changed)}`,
  )
}
