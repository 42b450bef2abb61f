/** Identity of a block device: distinguishes it from another one that has its number or path later. */
export interface DeviceIdentity {
  /** `major:minor`. */
  number: string
  /** Counts the disks that appeared and the media that changed since the boot; null before Linux 5.15. */
  diskseq: number | null
  /** Byte of its disk at which a partition begins; 0 of a disk. */
  start: number
  bytes: number
  serial: string | null
}
