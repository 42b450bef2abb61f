import { CONTAINERD_ON_DEVICE_MAPPER, everyTestOf } from './runs.ts'

await everyTestOf('debian-12-engines', CONTAINERD_ON_DEVICE_MAPPER)
