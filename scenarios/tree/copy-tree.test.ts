import { mkdirSync, mkdtempSync, rmSync, statSync, type renameSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createSyscalls } from '../../harness/host/syscalls.ts'
import { SPARSE_SIZE, type FileSize } from '../dataset/many-files/contents.ts'
import { compareTree } from '../dataset/model/compare.ts'
import { directoryNode } from '../dataset/model/nodes.ts'
import { modelManyFiles, ownerOfProcess, writeManyFiles } from '../dataset/many-files/write.ts'
import { moveDirectories } from './copy-tree.ts'
import { renameDirectory } from './names.ts'
import { contentsOf, inParent, params, PARENT, treeOf } from './params.ts'
import { recreatedContents } from './recreated.ts'

const syscalls = createSyscalls()

/** A file system that cannot rename a directory. */
function refusing(code: string): typeof renameSync {
  return () => {
    throw Object.assign(new Error('refused'), { code, errno: 0, syscall: 'rename' })
  }
}

function writtenTree(size: FileSize) {
  const given = params.parse({ files: '30', directories: '20', size: String(size) })
  const root = mkdtempSync(join(tmpdir(), 'bench-copy-'))
  onTestFinished(() => rmSync(root, { recursive: true }))
  mkdirSync(join(root, PARENT), { recursive: true })
  const tree = treeOf(given)
  const contents = contentsOf(given, 1)
  writeManyFiles(root, tree, contents)
  const model = directoryNode(0o755, ownerOfProcess())
  modelManyFiles(model, { ...tree, home: inParent(tree.home) }, contents, ownerOfProcess())
  const recreated = recreatedContents(1, contents)
  return { root, tree, contents, model, recreated, syscalls }
}

function pairsIn({ root, tree }: ReturnType<typeof writtenTree>): [string, string][] {
  return ['d0000', 'd0001'].map((name) => {
    const path = join(root, tree.home, name)
    return [path, `${path}-moved`]
  })
}

describe('a directory that is moved', () => {
  it.each<FileSize>([0, 5000, 'sparse'])(
    'is copied and removed where rename(2) answers EXDEV: files of %s',
    (size) => {
      const work = writtenTree(size)
      const moved = moveDirectories(pairsIn(work), syscalls, refusing('EXDEV'))
      // Twenty directories with a symbolic link each, and thirty files.
      expect(moved).toEqual({ renamed: 0, copied: 2, entriesCopied: 70 })
      renameDirectory.expect(work.model, work)
      expect(compareTree(join(work.root, PARENT), work.model).difference).toBeNull()
      const { blocks } = statSync(join(work.root, work.tree.home, 'd0000-moved/f0000000'))
      expect(blocks * 512).toBeLessThan(SPARSE_SIZE / 2)
    },
  )

  it('is renamed where it can be', () => {
    const work = writtenTree(0)
    expect(moveDirectories(pairsIn(work), syscalls)).toEqual({ renamed: 2, copied: 0, entriesCopied: 0 })
  })

  it('stays where rename(2) answers anything else', () => {
    const work = writtenTree(0)
    expect(() => moveDirectories(pairsIn(work), syscalls, refusing('EROFS'))).toThrow('refused')
    expect(compareTree(join(work.root, PARENT), work.model).difference).toBeNull()
  })
})
