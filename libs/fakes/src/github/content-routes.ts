// Files and folders of the fake's repositories: read, listed, written.
import { type Api, type AskedOfRepository, notFound, refusal, requireText, textOf } from './api.js'
import { blobSha, treeSha } from './git-history.js'
import { personOf } from './repository.js'
import { requireCommit } from './repository-routes.js'
import type { Shapes } from './shapes.js'

/** Bytes of a file that the contents API gives in JSON, and those it gives at all. */
const mostInJson = 1024 * 1024
const mostInRaw = 100 * 1024 * 1024
/** Entries of a folder in one answer. */
const mostEntries = 1000

export function addContentRoutes(api: Api, shapes: Shapes): void {
  api.repositoryRoute('GET', '/readme', 'read', (asked) => {
    const commit = requireCommit(asked, asked.request.query.get('ref') ?? asked.repository.defaultBranch)
    const path = [...commit.tree.keys()].find((one) => /^readme(\.\w+)?$/i.test(one))
    if (path === undefined) throw notFound()
    return { body: fileBody(asked, path, commit.tree.get(path) ?? Buffer.alloc(0)) }
  })

  const contents = (asked: AskedOfRepository) => {
    const path = (asked.params.path ?? '').replace(/\/$/, '')
    const ref = asked.request.query.get('ref') ?? asked.repository.defaultBranch
    const commit = asked.repository.history.find(ref)
    if (!commit) {
      throw asked.repository.history.branches.size === 0
        ? refusal(404, 'This repository is empty.')
        : refusal(404, `No commit found for the ref ${ref}`)
    }
    const accept = asked.request.headers.accept ?? ''
    const file = commit.tree.get(path)
    if (file) {
      if (file.length > mostInRaw) throw refusal(403, 'This API returns blobs up to 100 MB in size.')
      return accept.includes('raw') ? { body: file } : { body: fileBody(asked, path, file) }
    }
    const { sha, names } = asked.repository.history.folder(commit.tree, path)
    if (names.length === 0 && path !== '') throw notFound()
    const entries = names.slice(0, mostEntries).map(({ name, type }) => {
      const inside = path === '' ? name : `${path}/${name}`
      const content = commit.tree.get(inside)
      return {
        type,
        name,
        path: inside,
        size: content?.length ?? 0,
        sha: content ? blobSha(content) : treeSha(commit.tree, inside),
        html_url: `${asked.webUrl}/${asked.repository.fullName}/${type === 'dir' ? 'tree' : 'blob'}/${ref}/${inside}`,
      }
    })
    if (!accept.includes('object')) return { body: entries }
    return { body: { type: 'dir', name: path.split('/').at(-1), path, size: 0, sha, entries } }
  }
  api.repositoryRoute('GET', '/contents', 'read', contents)
  api.repositoryRoute('GET', '/contents/', 'read', contents)
  api.repositoryRoute('GET', '/contents/{path+}', 'read', contents)

  api.repositoryRoute('PUT', '/contents/{path+}', 'write', (asked) => {
    const path = asked.params.path ?? ''
    const message = requireText(asked.body, 'message', 'Commit')
    const content = textOf(asked.body, 'content', 'Commit')
    if (content === undefined || !/^[A-Za-z0-9+/\s]*={0,2}$/.test(content)) {
      throw refusal(422, 'content is not valid Base64')
    }
    const { history, defaultBranch } = asked.repository
    const branch = textOf(asked.body, 'branch', 'Commit') ?? defaultBranch
    if (!history.branches.has(branch) && history.branches.size > 0) throw refusal(404, `Branch ${branch} not found`)
    const present = history.find(branch)?.tree.get(path)
    const sha = textOf(asked.body, 'sha', 'Commit')
    if (present && sha === undefined) throw refusal(422, 'Invalid request.\n\n"sha" wasn\'t supplied.')
    if (sha !== undefined && (!present || blobSha(present) !== sha)) {
      throw refusal(409, `${path} does not match ${sha}`)
    }
    const bytes = Buffer.from(content, 'base64')
    const commit = history.commit(branch, { [path]: bytes }, { message, author: personOf(asked.login) })
    return {
      status: present ? 200 : 201,
      body: {
        content: { ...fileBody(asked, path, bytes), content: undefined },
        commit: shapes.commit(asked.repository, commit, asked),
      },
    }
  })

  api.repositoryRoute('GET', '/git/blobs/{sha}', 'read', (asked) => {
    const blob = asked.repository.history.blob(asked.params.sha ?? '')
    if (!blob) throw notFound()
    if ((asked.request.headers.accept ?? '').includes('raw')) return { body: blob }
    return { body: { sha: asked.params.sha, size: blob.length, encoding: 'base64', content: blob.toString('base64') } }
  })

  api.repositoryRoute('GET', '/git/trees/{sha}', 'read', (asked) => {
    const folder = asked.repository.history.findFolder(asked.params.sha ?? '')
    if (!folder) throw notFound()
    const begin = folder.path === '' ? '' : `${folder.path}/`
    const entries = new Map<string, object>()
    for (const [file, content] of folder.tree) {
      if (!file.startsWith(begin)) continue
      const parts = file.slice(begin.length).split('/')
      for (let depth = 1; depth < parts.length; depth++) {
        const path = parts.slice(0, depth).join('/')
        entries.set(path, { path, mode: '040000', type: 'tree', sha: treeSha(folder.tree, begin + path) })
      }
      const path = parts.join('/')
      entries.set(path, { path, mode: '100644', type: 'blob', sha: blobSha(content), size: content.length })
    }
    const deep = asked.request.query.has('recursive')
    const tree = [...entries].filter(([path]) => deep || !path.includes('/')).sort(([a], [b]) => (a < b ? -1 : 1))
    return { body: { sha: asked.params.sha, tree: tree.map(([, entry]) => entry), truncated: false } }
  })
}

function fileBody(
  { webUrl, repository }: Pick<AskedOfRepository, 'webUrl' | 'repository'>,
  path: string,
  content: Buffer,
) {
  const inJson = content.length <= mostInJson
  return {
    type: 'file',
    name: path.split('/').at(-1),
    path,
    size: content.length,
    sha: blobSha(content),
    encoding: inJson ? 'base64' : 'none',
    // In lines of 60 signs, as GitHub breaks them.
    content: inJson ? content.toString('base64').replaceAll(/.{1,60}/g, '$&\n') : '',
    html_url: `${webUrl}/${repository.fullName}/blob/${repository.defaultBranch}/${path}`,
  }
}
