import { DEVICE_MAPPER, DM_DELAY, everyTestOf } from './runs.ts'

await everyTestOf('debian-13', DEVICE_MAPPER, DM_DELAY)
