import { DEVICE_MAPPER, DM_DELAY, everyTestOf } from './runs.ts'

await everyTestOf('debian-12', DEVICE_MAPPER, DM_DELAY)
