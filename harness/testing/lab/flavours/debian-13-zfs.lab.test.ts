import { BARE_ON_ZFS, everyTestOf, ZFS } from './runs.ts'

await everyTestOf('debian-13-zfs', ZFS, BARE_ON_ZFS)
