/** Claims about what containers of one image share in memory and on disk. */
import { formatCount, joinList } from '../../format/format.ts'
import { Missing, type Measured } from '../measured.ts'
import { SOURCES } from '../sources.ts'
import type { Claim } from '../types.ts'
import { bytesText, configurationOf } from '../words.ts'
import { BLOCKCOW, BTRFS, DEVICE_MAPPER, FUSE, OVERLAY, VFS } from './configurations.ts'

const TEN = { containers: '10', files: '16', size: '1M' }
const BYTES = 16 * 1024 ** 2
/** A container takes a copy where it adds this share of the files, and shares where it adds the other. */
const COPY = 0.9
const SHARED = 0.1

const sharesMemory = (one: Measured) => one.value('cache-more').most <= SHARED * BYTES
const copiesInMemory = (one: Measured) => one.value('cache-more').least >= COPY * BYTES
const sharesDisk = (one: Measured) => one.value('disk-more').most <= SHARED * BYTES

/** `overlay2@ext4: 1 copy in memory, 0 B and on disk 16 KiB more for each further container`. */
function sharingText(one: Measured): string {
  const { median } = one.value('copies')
  const copies = Number(median.toFixed(1))
  return `${configurationOf(one)} ${formatCount(copies)} ${copies === 1 ? 'copy' : 'copies'}, ${bytesText(one.value('disk-more'))}`
}

const beginning =
  'Ten containers that read the same 16 MiB: copies in memory, and disk for each further container'

const shareOneCopy: Claim = {
  id: 'ten-containers-share-one-copy',
  says: 'Ten containers of an image share one copy of it, on disk and in memory.',
  source: SOURCES.overlay,
  parts: [{ driver: [OVERLAY, BTRFS, BLOCKCOW, VFS, FUSE, DEVICE_MAPPER], scenario: 'density', set: TEN }],
  judge(look) {
    const names = [OVERLAY, BTRFS, BLOCKCOW, VFS, FUSE, DEVICE_MAPPER]
    const there = names.map((name) => look.find(name, 'density', TEN)).filter((one) => one !== null)
    if (there.length === 0) throw new Missing('no driver was measured with ten containers')
    const text = `${beginning}: ${there.map(sharingText).join('; ')}.`
    const shares = (one: Measured) => sharesMemory(one) && sharesDisk(one)
    const [yes, no] = [there.filter(shares), there.filter((one) => !shares(one))]
    if (no.length === 0) return { verdict: 'true', text }
    if (yes.length === 0) return { verdict: 'false', text }
    const onDisk = no.filter(sharesDisk).map(configurationOf)
    const disk = onDisk.length === 0 ? '' : ` (${joinList(onDisk)} share the disk alone)`
    const condition = `the driver is ${joinList(yes.map(configurationOf))}${disk}`
    return { verdict: 'only-if', condition, text }
  },
}

/** A driver of which its documentation says that containers do not share memory. */
function noSharing(id: string, configuration: string, claim: Pick<Claim, 'says' | 'source'>): Claim {
  return {
    id,
    ...claim,
    parts: [{ driver: [configuration], scenario: 'density', set: TEN }],
    judge(look) {
      const one = look.cell(configuration, 'density', TEN)
      const text = `${beginning}: ${sharingText(one)}; each further container took ${bytesText(one.value('cache-more'))} of page cache.`
      if (copiesInMemory(one)) return { verdict: 'true', text }
      return { verdict: sharesMemory(one) ? 'false' : 'not-shown', text }
    },
  }
}

export const sharing: readonly Claim[] = [
  shareOneCopy,
  noSharing('btrfs-shares-no-page-cache', BTRFS, {
    says: 'btrfs does not share page cache: each container that reads a file of the image caches a copy.',
    source: SOURCES.btrfs,
  }),
  noSharing('devicemapper-shares-no-page-cache', DEVICE_MAPPER, {
    says: 'devicemapper takes more memory than others: each container loads at least one copy of each of its files.',
    source: SOURCES.deviceMapper,
  }),
]
