// Reading server-sent events: the data of each event, as the bytes of an answer come in.

/**
 * Yields the `data` of each event (HTML standard, section 9.2.6); other fields and comments mean nothing to us.
 * Throws RangeError when the stream has more than `maxBytes` altogether.
 */
export async function* readEvents(chunks: AsyncIterable<Uint8Array>, maxBytes: number): AsyncGenerator<string> {
  let data: string[] = []
  for await (const line of readLines(chunks, maxBytes)) {
    if (line === '') {
      if (data.length > 0) yield data.join('\n')
      data = []
    } else if (line.startsWith('data:')) {
      data.push(line.slice(line.startsWith('data: ') ? 6 : 5))
    }
  }
}

async function* readLines(chunks: AsyncIterable<Uint8Array>, maxBytes: number): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  let seenBytes = 0
  // Only new text is searched for line ends: one long line in many chunks must not be searched again for each of them.
  let begun: string[] = []
  let heldCr = ''
  for await (const chunk of chunks) {
    seenBytes += chunk.byteLength
    if (seenBytes > maxBytes) throw new RangeError(`an event stream of more than ${maxBytes} bytes`)
    let text = heldCr + decoder.decode(chunk, { stream: true })
    // A CR at the very end may be the first half of CRLF, so it waits for what comes next.
    heldCr = text.endsWith('\r') ? '\r' : ''
    if (heldCr) text = text.slice(0, -1)
    const [first = '', ...others] = text.split(/\r\n|\n|\r/)
    begun.push(first)
    for (const other of others) {
      yield begun.join('')
      begun = [other]
    }
  }
}
