/** Claims about what the first change to a file copies. */
import { formatValue } from '../../format/format.ts'
import type { Look } from '../look.ts'
import { Missing, type Figure, type Measured } from '../measured.ts'
import { SOURCES } from '../sources.ts'
import type { Claim } from '../types.ts'
import {
  bytesText,
  configurationOf,
  grownBy,
  mechanismText,
  ratioText,
  secondsText,
  sizeOf,
} from '../words.ts'
import { BLOCK_LEVEL, METACOPY, OVERLAY, OVERLAY_XFS, VFS, VOLATILE } from './configurations.ts'

const SIZE = '64M'
const BYTE = { size: SIZE, touch: 'byte', volume: 'off', depth: '7' }
const CHMOD = { ...BYTE, touch: 'chmod' }
/** Least share of a file that a copy takes, and most that anything else does. */
const WHOLE = 0.9
const LITTLE = 0.1

const isWhole = ({ least }: Figure) => least >= WHOLE * sizeOf(SIZE)
const isLittle = ({ most }: Figure) => most <= LITTLE * sizeOf(SIZE)

/** `overlay2@ext4 took 64 MiB (copied up in all 3 samples)`. */
function tookText(measured: Measured): string {
  return `${configurationOf(measured)} took ${bytesText(grownBy(measured))} (${mechanismText(measured)})`
}

const OF_A_BYTE = `For one byte of a ${SIZE.replace('M', ' MiB')} file`

const overlayCopiesAll: Claim = {
  id: 'overlay-copies-the-whole-file',
  says: 'overlay copies the whole file up, however small the change.',
  source: SOURCES.overlay,
  parts: [{ driver: [OVERLAY, OVERLAY_XFS], scenario: 'bigfile', set: BYTE }],
  judge(look) {
    const [onExt4, onXfs] = [look.cell(OVERLAY, 'bigfile', BYTE), look.find(OVERLAY_XFS, 'bigfile', BYTE)]
    const text = `${OF_A_BYTE} ${[onExt4, onXfs]
      .filter((one) => one !== null)
      .map(tookText)
      .join('; ')}.`
    if (!isWhole(grownBy(onExt4))) return { verdict: isLittle(grownBy(onExt4)) ? 'false' : 'not-shown', text }
    if (onXfs !== null && isLittle(grownBy(onXfs))) {
      return {
        verdict: 'only-if',
        condition: 'the file system below cannot clone extents (ext4, not xfs)',
        text,
      }
    }
    return { verdict: 'true', text }
  },
}

const blocksOnly: Claim = {
  id: 'block-drivers-copy-blocks',
  says: 'Drivers that work on blocks copy only the blocks that change, not the file.',
  source: SOURCES.selectDriver,
  parts: [{ driver: BLOCK_LEVEL, scenario: 'bigfile', set: BYTE }],
  judge(look) {
    const there = measuredOf(look, BLOCK_LEVEL, BYTE)
    const text = `${OF_A_BYTE} ${there.map(tookText).join('; ')}.`
    const grown = there.map(grownBy)
    if (grown.every(isLittle)) return { verdict: 'true', text }
    return { verdict: grown.some(isWhole) ? 'false' : 'not-shown', text }
  },
}

const firstWriteOnly: Claim = {
  id: 'copy-up-happens-once',
  says: 'overlay copies a file up at its first write only; later writes go to the copy.',
  source: SOURCES.overlay,
  parts: [{ driver: [OVERLAY], scenario: 'bigfile', set: BYTE }],
  judge(look) {
    const overlay = look.cell(OVERLAY, 'bigfile', BYTE)
    const second = writtenIn(overlay, 'second-write')
    const text = `The second write to the ${SIZE.replace('M', ' MiB')} file wrote ${bytesText(second)} at the device; with the first, the store grew by ${bytesText(grownBy(overlay))}.`
    if (isWhole(grownBy(overlay)) && isLittle(second)) return { verdict: 'true', text }
    return { verdict: isWhole(second) ? 'false' : 'not-shown', text }
  },
}

const chmodCopies: Claim = {
  id: 'chmod-copies-the-data',
  says: 'A change of mode or owner makes overlay copy all data of the file.',
  source: SOURCES.kernel,
  parts: [{ driver: [OVERLAY, METACOPY], scenario: 'bigfile', set: CHMOD }],
  judge(look) {
    const [plain, metacopy] = [look.cell(OVERLAY, 'bigfile', CHMOD), look.find(METACOPY, 'bigfile', CHMOD)]
    const cells = [plain, metacopy].filter((one) => one !== null)
    const text = `For chmod of a ${SIZE.replace('M', ' MiB')} file ${cells.map(tookText).join('; ')}.`
    if (!isWhole(grownBy(plain))) return { verdict: isLittle(grownBy(plain)) ? 'false' : 'not-shown', text }
    if (metacopy !== null && isLittle(grownBy(metacopy))) {
      return { verdict: 'only-if', condition: 'metacopy is off, as it is by default', text }
    }
    return { verdict: 'true', text }
  },
}

const vfsCopiesBefore: Claim = {
  id: 'vfs-needs-no-copy-up',
  says: 'vfs has no copy-on-write: it copies everything for each container, and no write copies anything.',
  source: SOURCES.vfs,
  parts: [{ driver: [VFS], scenario: 'bigfile', set: BYTE }],
  judge(look) {
    const vfs = look.cell(VFS, 'bigfile', BYTE)
    if (vfs.image === null) throw new Missing('the run does not know how large its image is')
    const grown = grownBy(vfs)
    const isCopied = grown.least >= WHOLE * vfs.image.bytes
    const text =
      `The container took ${bytesText(grown)}, its image has ${formatValue(vfs.image.bytes, 'bytes')}; ` +
      `prepare took ${secondsText(vfs.value('prepare'))}, the first write ${secondsText(vfs.value('first-write'))} (${mechanismText(vfs)}).`
    if (isCopied && vfs.mechanism() === 'none') return { verdict: 'true', text }
    return { verdict: 'false', text }
  },
}

/** Share of the time that counts as half of it. */
const HALF = { from: 0.4, to: 0.6 }

const volatileHalves: Claim = {
  id: 'volatile-halves-the-time',
  says: 'Mounting overlay volatile about halves the time of work that syncs, since no sync is carried out.',
  source: SOURCES.volatileInContainerd,
  parts: [{ driver: [OVERLAY, VOLATILE], scenario: 'bigfile', set: BYTE }],
  judge(look) {
    const [plain, volatile] = [OVERLAY, VOLATILE].map((one) => look.cell(one, 'bigfile', BYTE)) as [
      Measured,
      Measured,
    ]
    const compared = look.compare(volatile, plain, 'first-write')
    const { low, high } = compared.ratio ?? { low: null, high: null }
    const text =
      `Changing one byte of a ${SIZE.replace('M', ' MiB')} file, with its copy and fsync, took ${secondsText(volatile.value('first-write'))} ` +
      `volatile and ${secondsText(plain.value('first-write'))} otherwise: ${ratioText(compared)}.`
    if (low === null || high === null) return { verdict: 'not-shown', text }
    if (compared.answer === 'cheaper' && high <= HALF.to) {
      return { verdict: 'true', text: high < HALF.from ? `${text} It is even less than half.` : text }
    }
    if (low > HALF.to && compared.answer !== 'open') return { verdict: 'false', text }
    return { verdict: 'not-shown', text: `${text} The interval does not tell whether it is half.` }
  },
}

function writtenIn(measured: Measured, phase: string): Figure {
  return measured.figure(`what ${phase} wrote`, ({ io }) => io[phase]?.bytesWritten)
}

/** Returns those that were measured. Throws a `Missing` for the first where none was. */
function measuredOf(
  look: Look,
  names: readonly string[],
  params: Readonly<Record<string, string>>,
): Measured[] {
  const there = names.map((name) => look.find(name, 'bigfile', params)).filter((one) => one !== null)
  return there.length > 0 ? there : [look.cell(names[0] ?? '', 'bigfile', params)]
}

export const copying: readonly Claim[] = [
  overlayCopiesAll,
  firstWriteOnly,
  blocksOnly,
  chmodCopies,
  volatileHalves,
  vfsCopiesBefore,
]
