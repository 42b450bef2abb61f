import { configure } from '../testsuite/configuration.ts'
import { killedDaemon } from '../testsuite/killed-daemon.ts'
import { containerd } from './index.ts'

const [overlayfs] = containerd as [(typeof containerd)[0]]

killedDaemon(overlayfs, configure(overlayfs), { name: 'containerd', daemon: /containerd\0--config/ })
