import { DEVICE_MAPPER, everyTestOf } from './runs.ts'

await everyTestOf('debian-12', DEVICE_MAPPER)
