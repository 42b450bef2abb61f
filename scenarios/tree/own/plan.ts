/** What is planned on the tree of the user's image. */
import { usageError } from '../../../harness/contracts/error.ts'
import type { OwnImage } from '../../../harness/contracts/image.ts'
import type { ProfileName } from '../../../harness/contracts/options.ts'
import type { Footprint, ParamGrid } from '../../../harness/contracts/scenario.ts'
import { BLOCK } from '../../dataset/content.ts'
import { FILE_SPACE, spaceOfFile } from '../../dataset/image.ts'
import { isRead, SECONDS_A_CHANGE, SECONDS_A_LOOK, type OperationId, type TreeParams } from '../params.ts'
import { OWN_OPERATION_IDS } from './operations.ts'
import { ownTreeOf } from './tree.ts'

const BY_PROFILE: Readonly<Record<ProfileName, readonly OperationId[]>> = {
  quick: ['chown'],
  standard: ['chown', 'unlink', 'copy', 'walk', 'read-all'],
  thorough: OWN_OPERATION_IDS,
}

/** Parameters of a made-up tree, which the user's image decides about. */
const OF_THE_IMAGE = ['files', 'directories']

/** Returns the grid on the user's image. Throws a usage error for what works on a made-up tree alone. */
export function onOwnImage(own: OwnImage, profile: ProfileName, given: ParamGrid): readonly ParamGrid[] {
  const decided = OF_THE_IMAGE.find((name) => name in given)
  if (decided !== undefined)
    throw usageError(
      'own-image',
      `--set tree.${decided}: with --image, the image decides about it`,
      'leave it out, or leave --image out',
    )
  const ops = given['op'] ?? BY_PROFILE[profile]
  const other = ops.find((op) => !OWN_OPERATION_IDS.some((id) => id === op))
  if (other !== undefined)
    throw usageError(
      'own-image',
      `--set tree.op=${other}: the whole tree of --image can be given to ${OWN_OPERATION_IDS.join(', ')}`,
      'leave --image out: the made-up tree has files for every op',
    )
  const { files, directories, bytes } = ownTreeOf(own)
  return [
    {
      op: ops,
      image: ['own'],
      files: [String(files.length)],
      directories: [String(Math.max(1, directories.length))],
      size: [String(Math.round(bytes / Math.max(1, files.length)))],
    },
  ]
}

/** Returns the space that a container takes. */
export function footprintOnOwn({ op }: TreeParams, own: OwnImage): Footprint {
  const { files, entries, examined } = ownTreeOf(own)
  const looks = 2 * entries * SECONDS_A_LOOK
  const untouched = examined?.size ?? BLOCK
  if (isRead(op)) return { changed: untouched, written: untouched, containers: 1, seconds: looks }
  const made = files.reduce((sum, { size }) => sum + spaceOfFile(size), (entries - files.length) * FILE_SPACE)
  const changed = op === 'unlink' || op === 'remove-tree' ? entries * FILE_SPACE : made
  const written = op === 'copy' ? made : 2 * entries * BLOCK
  return { changed, written, containers: 1, seconds: looks + entries * SECONDS_A_CHANGE }
}
