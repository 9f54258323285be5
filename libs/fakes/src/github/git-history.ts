// The history of one repository of the fake: commits that hold whole trees, branches, and what differs between two trees.
import { createHash } from 'node:crypto'

export type Tree = ReadonlyMap<string, Buffer>

export interface GitPerson {
  readonly name: string
  readonly email: string
  readonly login: string
}

export interface GitCommit {
  readonly sha: string
  readonly message: string
  readonly author: GitPerson
  readonly date: string
  readonly parents: readonly string[]
  readonly tree: Tree
}

/** Files to write, by their path; null takes one away. */
export type Changes = Readonly<Record<string, string | Buffer | null>>

export interface FileChange {
  readonly filename: string
  readonly status: 'added' | 'removed' | 'modified'
  readonly sha: string
  readonly additions: number
  readonly deletions: number
  readonly patch: string | undefined
}

export class GitHistory {
  /** The newest commit of each branch. */
  readonly branches = new Map<string, string>()
  private readonly commits = new Map<string, GitCommit>()
  /** Folders by the sha of their tree, as they were given out. */
  private readonly folders = new Map<string, { tree: Tree; path: string }>()

  commit(branch: string, changes: Changes, about: { message: string; author: GitPerson; date?: string }): GitCommit {
    const parent = this.branches.get(branch)
    const tree = new Map(parent ? this.commits.get(parent)?.tree : [])
    for (const [path, content] of Object.entries(changes)) {
      if (content === null) tree.delete(path)
      else tree.set(path, Buffer.from(content))
    }
    return this.add(branch, tree, parent ? [parent] : [], about)
  }

  add(
    branch: string,
    tree: Tree,
    parents: string[],
    about: { message: string; author: GitPerson; date?: string },
  ): GitCommit {
    const { message, author, date = new Date().toISOString() } = about
    const sha = sha1(`commit ${this.commits.size} ${parents.join()} ${date} ${message} ${treeSha(tree, '')}`)
    const commit = { sha, message, author, date, parents, tree }
    this.commits.set(sha, commit)
    this.branches.set(branch, sha)
    return commit
  }

  /** A branch, `heads/<branch>`, `refs/heads/<branch>` or a sha (at least seven digits of it). */
  find(ref: string): GitCommit | undefined {
    const head = this.branches.get(ref.replace(/^(?:refs\/)?heads\//, ''))
    if (head !== undefined) return this.commits.get(head)
    if (!/^[0-9a-f]{7,40}$/.test(ref)) return undefined
    return [...this.commits.values()].find(({ sha }) => sha.startsWith(ref))
  }

  /** The commit and what led to it, newest first. */
  log(from: GitCommit): GitCommit[] {
    const found: GitCommit[] = []
    const waiting = [from.sha]
    const known = new Set<string>()
    for (let sha = waiting.shift(); sha !== undefined; sha = waiting.shift()) {
      const commit = this.commits.get(sha)
      if (!commit || known.has(sha)) continue
      known.add(sha)
      found.push(commit)
      waiting.push(...commit.parents)
    }
    return found
  }

  /** What a branch changed since it left another: against the newest commit both have. */
  changesOf(head: GitCommit, base: GitCommit): FileChange[] {
    const ofBase = new Set(this.log(base).map(({ sha }) => sha))
    const common = this.log(head).find(({ sha }) => ofBase.has(sha))
    return differences(common?.tree ?? new Map(), head.tree)
  }

  changesIn(commit: GitCommit): FileChange[] {
    const [parent] = commit.parents
    return differences((parent && this.commits.get(parent)?.tree) || new Map(), commit.tree)
  }

  blob(sha: string): Buffer | undefined {
    for (const { tree } of this.commits.values()) {
      for (const content of tree.values()) if (blobSha(content) === sha) return content
    }
    return undefined
  }

  /** What lies in a folder, and the sha it is found by again. */
  folder(tree: Tree, path: string): { sha: string; names: { name: string; type: 'file' | 'dir' }[] } {
    const begin = path === '' ? '' : `${path}/`
    const names = new Map<string, 'file' | 'dir'>()
    for (const file of tree.keys()) {
      if (!file.startsWith(begin)) continue
      const [name = '', ...rest] = file.slice(begin.length).split('/')
      names.set(name, rest.length > 0 ? 'dir' : 'file')
    }
    const sha = treeSha(tree, path)
    this.folders.set(sha, { tree, path })
    const sorted = [...names].sort(([a], [b]) => (a < b ? -1 : 1))
    return { sha, names: sorted.map(([name, type]) => ({ name, type })) }
  }

  findFolder(sha: string): { tree: Tree; path: string } | undefined {
    const commit = this.find(sha)
    return commit ? { tree: commit.tree, path: '' } : this.folders.get(sha)
  }
}

export function sha1(text: string | Buffer): string {
  return createHash('sha1').update(text).digest('hex')
}

const blobShas = new WeakMap<Buffer, string>()

/** As git names a file's content. */
export function blobSha(content: Buffer): string {
  const known = blobShas.get(content) ?? sha1(Buffer.concat([Buffer.from(`blob ${content.length}\0`), content]))
  blobShas.set(content, known)
  return known
}

export function treeSha(tree: Tree, path: string): string {
  const begin = path === '' ? '' : `${path}/`
  const lines = [...tree].filter(([file]) => file.startsWith(begin)).map(([file, content]) => file + blobSha(content))
  return sha1(`tree ${path} ${lines.sort().join()}`)
}

function differences(before: Tree, after: Tree): FileChange[] {
  const paths = [...new Set([...before.keys(), ...after.keys()])].sort()
  return paths.flatMap((filename): FileChange[] => {
    const [old, young] = [before.get(filename), after.get(filename)]
    if (old && young?.equals(old)) return []
    const status = !old ? 'added' : !young ? 'removed' : 'modified'
    const sha = blobSha(young ?? old ?? Buffer.alloc(0))
    if (old?.includes(0) || young?.includes(0)) {
      return [{ filename, status, sha, additions: 0, deletions: 0, patch: undefined }]
    }
    return [{ filename, status, sha, ...patchOf(linesOf(old), linesOf(young)) }]
  })
}

/** One hunk over everything between the first and the last line that differ. */
function patchOf(old: string[], young: string[]) {
  let begin = 0
  while (begin < old.length && begin < young.length && old[begin] === young[begin]) begin++
  let end = 0
  while (end < old.length - begin && end < young.length - begin && old.at(-1 - end) === young.at(-1 - end)) end++
  const gone = old.slice(begin, old.length - end)
  const come = young.slice(begin, young.length - end)
  const head = `@@ -${begin + 1},${gone.length} +${begin + 1},${come.length} @@`
  const patch = [head, ...gone.map((line) => `-${line}`), ...come.map((line) => `+${line}`)].join('\n')
  return { additions: come.length, deletions: gone.length, patch }
}

function linesOf(content: Buffer | undefined): string[] {
  const lines = content?.toString('utf8').split('\n') ?? []
  if (lines.at(-1) === '') lines.pop()
  return lines
}
