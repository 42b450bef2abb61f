/**
 * Decodes a device number as stat(2) and device mapper give it: 8 bits of minor, 12 of major, the rest of minor
 * (linux/kdev_t.h, huge_encode_dev). glibc's makedev(3) encodes a major below 4096 in the same way, and the kernel has no
 * larger one, nor a minor of more than 20 bits.
 */
export function deviceNumber(dev: number): { major: number; minor: number } {
  return { major: (dev >>> 8) & 0xfff, minor: (dev & 0xff) | ((dev >>> 12) & 0xfff00) }
}

/** Returns `major:minor`, by which mountinfo, sysfs and tables of device mapper name a device. */
export function deviceText(dev: number): string {
  const { major, minor } = deviceNumber(dev)
  return `${major}:${minor}`
}
