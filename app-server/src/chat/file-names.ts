// Names of files as browsers are told them (RFC 6266, RFC 8187).

/** The value of Content-Disposition; a name of any signs, and one of plain signs for who knows no other. */
export function disposition(kind: 'inline' | 'attachment', name: string): string {
  const plain = name.replaceAll(/[^A-Za-z0-9._ -]/g, '_').slice(0, 150)
  const encoded = encodeURIComponent(name.toWellFormed()).replaceAll(
    /['()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  )
  return `${kind}; filename="${plain}"; filename*=UTF-8''${encoded}`
}

/** A name that any file system takes, made from whatever somebody called something. */
export function fileNameOf(title: string, ending: string): string {
  const name = title
    .toWellFormed()
    .replaceAll(/[\p{C}/\\:*?"<>|]/gu, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .replace(/^[. ]+/, '')
    .slice(0, 80)
    .trim()
  return `${name || 'room'}.${ending}`
}
