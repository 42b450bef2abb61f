/** Texts that claims come from. */
import type { ClaimRow } from '../../harness/contracts/claims.ts'

type Source = ClaimRow['source']

const docker = (title: string, path: string): Source => ({
  title: `Docker: ${title}`,
  url: `https://docs.docker.com/engine/storage/drivers/${path}`,
})

export const SOURCES = {
  storageDrivers: docker('Storage drivers', ''),
  selectDriver: docker('Select a storage driver', 'select-storage-driver/'),
  overlay: docker('OverlayFS storage driver', 'overlayfs-driver/'),
  btrfs: docker('BTRFS storage driver', 'btrfs-driver/'),
  deviceMapper: docker('Device Mapper storage driver (deprecated)', 'device-mapper-driver/'),
  vfs: docker('VFS storage driver', 'vfs-driver/'),
  aufs: {
    title: 'Docker: AUFS storage driver (removed since)',
    url: 'https://github.com/docker/docs/blob/4d2ec6b3a1b138b88fac46afa580b77b1320b9ab/storage/storagedriver/aufs-driver.md',
  },
  kernel: {
    title: 'Linux: Overlay Filesystem',
    url: 'https://docs.kernel.org/filesystems/overlayfs.html',
  },
  volatileInContainerd: {
    title: 'containerd, pull request 4785: overlay volatile option',
    url: 'https://github.com/containerd/containerd/pull/4785',
  },
  slacker: {
    title: "Harter et al., Slacker (FAST '16)",
    url: 'https://www.usenix.org/conference/fast16/technical-sessions/presentation/harter',
  },
  learnDocker: {
    title: 'Learn Docker, second edition (Packt): Anatomy of containers',
    url: 'https://www.packtpub.com/en-gb/product/learn-docker-fundamentals-of-docker-19x-second-edition-9781838827472',
  },
  yolofs: { title: 'YoloFS (arXiv 2604.13536)', url: 'https://arxiv.org/abs/2604.13536' },
} as const satisfies Record<string, Source>
