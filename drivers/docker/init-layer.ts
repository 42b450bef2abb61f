/** Files of the layer that Docker puts between image and container, where the image has none: daemon/initlayer/setup_unix.go. */
export const INIT_LAYER: ReadonlySet<string> = new Set([
  '.dockerenv',
  'dev',
  'dev/console',
  'dev/pts',
  'dev/shm',
  'etc',
  'etc/hostname',
  'etc/hosts',
  'etc/mtab',
  'etc/resolv.conf',
  'proc',
  'sys',
])
