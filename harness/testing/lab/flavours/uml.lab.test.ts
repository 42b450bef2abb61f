import { DEVICE_MAPPER, DM_DELAY, everyTestOf } from './runs.ts'

await everyTestOf('uml', DEVICE_MAPPER, DM_DELAY)
