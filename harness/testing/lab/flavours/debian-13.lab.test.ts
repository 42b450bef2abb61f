import { DEVICE_MAPPER, everyTestOf } from './runs.ts'

await everyTestOf('debian-13', DEVICE_MAPPER)
