// Where messages are written: sent by Enter, kept as a draft, with files that are sent ahead.

const composer = document.getElementById('composer')
if (composer) startComposer()

function startComposer() {
  const prompt = document.getElementById('prompt')
  const send = document.getElementById('send')
  const stop = document.getElementById('stop')
  const attach = document.getElementById('attach')
  const chosen = document.getElementById('chosen')
  const list = document.getElementById('files')
  const draftKey = `draft ${chat.dataset.room}`
  const maxBytes = Number(composer.dataset.maxBytes)
  const maxTogether = Number(composer.dataset.maxTogether)
  const maxFiles = Number(composer.dataset.maxFiles)
  const accepted = chosen.accept.split(',')
  /** Files of the message, by their place in the list. */
  const files = new Map()
  let open = composer.dataset.open
  let sending = false
  /** The room is not this person's any more: what was typed can be copied, and goes nowhere. */
  let lost = false
  /** Whether the last try may have arrived, though nobody heard of it. */
  let unheard = false
  let uploads = Promise.resolve()

  const headers = { accept: 'application/json', 'x-csrf-token': chat.dataset.csrf }
  const timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone
  composer.elements.time_zone.value = timeZone

  /** Another text is another message. Sent again as it is, it keeps its id and is there once. */
  function becomesAnother() {
    if (unheard) composer.elements.message_id.value = newId()
    unheard = false
  }

  /** Also where the page came without TLS, and has no crypto.randomUUID. */
  function newId() {
    const hex = [...crypto.getRandomValues(new Uint8Array(16))]
      .map((byte) => byte.toString(16).padStart(2, '0'))
      .join('')
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`
  }

  function tell(words) {
    const place = document.getElementById('composer-state')
    place.textContent = words
    place.hidden = words === ''
    if (words) announce(words)
  }

  function show() {
    stop.hidden = lost || !open
    send.hidden = lost || Boolean(open)
    attach.hidden = lost
    send.disabled = sending
  }

  function grow() {
    prompt.style.height = 'auto'
    prompt.style.height = `${Math.min(prompt.scrollHeight + 2, innerHeight * 0.4)}px`
  }

  function keepDraft() {
    try {
      if (prompt.value) localStorage.setItem(draftKey, prompt.value)
      else localStorage.removeItem(draftKey)
    } catch {
      // A browser that keeps nothing has no drafts.
    }
  }

  try {
    if (!prompt.value) prompt.value = localStorage.getItem(draftKey) ?? ''
  } catch {
    // As above.
  }

  prompt.addEventListener('input', () => {
    grow()
    keepDraft()
    becomesAnother()
  })

  prompt.addEventListener('keydown', (event) => {
    // While an input method composes, Enter chooses what it offers (229 where a browser says so only there).
    if (event.key !== 'Enter' || event.isComposing || event.keyCode === 229 || event.shiftKey || event.altKey) return
    event.preventDefault()
    if (open) return tell(chatWords.writing)
    composer.requestSubmit()
  })

  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && open && !event.isComposing && !event.defaultPrevented) void stopAnswer()
  })
  stop.addEventListener('click', () => void stopAnswer())

  async function stopAnswer() {
    stop.disabled = true
    try {
      const answer = await fetch(`/chat/${chat.dataset.room}/turns/${open}/stop`, { method: 'POST', headers })
      if (!answer.ok) tell((await answer.json()).detail ?? chatWords.notSent)
    } catch {
      tell(chatWords.notSent)
    } finally {
      stop.disabled = false
    }
  }

  composer.addEventListener('submit', (event) => {
    event.preventDefault()
    void sendMessage()
  })

  async function sendMessage() {
    const ready = [...files.values()]
    if (sending || lost || open || (prompt.value.trim() === '' && ready.length === 0)) return
    if (ready.some(({ id }) => id === undefined)) return tell(chatWords.uploadsFirst)
    sending = true
    show()
    tell(chatWords.sending)
    try {
      const answer = await fetch(composer.action, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        body: JSON.stringify({
          message_id: composer.elements.message_id.value,
          prompt: prompt.value,
          attachments: ready.map(({ id }) => id),
          time_zone: timeZone,
        }),
      })
      const body = await answer.json()
      if (!answer.ok) return tell(body.detail ?? chatWords.notSent)
      clear()
      follows = true
      toEnd()
      // Without the stream the page has to be asked for the answer.
      if (!source) location.reload()
    } catch {
      unheard = true
      tell(chatWords.notSent)
    } finally {
      sending = false
      show()
    }
  }

  function clear() {
    composer.elements.message_id.value = newId()
    unheard = false
    prompt.value = ''
    keepDraft()
    grow()
    for (const item of [...files.keys()]) forget(item)
    tell('')
  }

  chat.addEventListener('open-turn', ({ detail }) => {
    open = detail
    // It came after all.
    if (unheard && open === composer.elements.message_id.value) clear()
    if (!open) tell('')
    show()
  })

  chat.addEventListener('lost', () => {
    lost = true
    show()
  })

  // Files

  function forget(item) {
    files.delete(item)
    becomesAnother()
    item.remove()
    list.hidden = files.size === 0
  }

  /** True when it is on its way; else it was said why not. */
  function add(file) {
    const name = file.name || 'image.png'
    const type = typeOf(file.type, name)
    if (files.size >= maxFiles) return tell(say(chatWords.tooMany, { count: maxFiles }))
    if (file.size > maxBytes) {
      return tell(say(chatWords.tooLarge, { name, size: `${Math.round(maxBytes / 1_048_576)} MB` }))
    }
    const together = [...files.values()].reduce((sum, { size }) => sum + size, file.size)
    if (together > maxTogether) {
      return tell(say(chatWords.tooLargeTogether, { name, size: `${Math.round(maxTogether / 1_048_576)} MB` }))
    }
    if (!accepted.includes(type)) return tell(say(chatWords.wrongType, { name }))
    const item = document.createElement('li')
    const words = document.createElement('span')
    const remove = document.createElement('button')
    remove.type = 'button'
    remove.className = 'button button-quiet'
    remove.textContent = '✕'
    remove.setAttribute('aria-label', say(chatWords.remove, { name }))
    item.className = 'file'
    item.append(words, remove)
    list.append(item)
    list.hidden = false
    const entry = { id: undefined, size: file.size }
    const request = new XMLHttpRequest()
    files.set(item, entry)
    becomesAnother()
    // One after the other: a phone sends several at once no sooner.
    uploads = uploads.then(() => files.has(item) && upload(request, file, { name, type }, entry, words))
    words.textContent = name
    remove.addEventListener('click', () => {
      request.abort()
      forget(item)
      const address = `/chat/${chat.dataset.room}/attachments/${entry.id}`
      // Where this does not arrive, the file goes by itself a day later.
      if (entry.id) fetch(address, { method: 'DELETE', headers }).catch(() => undefined)
      prompt.focus()
    })
    request.addEventListener('loadend', () => {
      if (entry.id === undefined && files.has(item)) forget(item)
    })
    return true
  }

  /** Is done when the file is there, or is not to be. */
  function upload(request, file, { name, type }, entry, words) {
    const query = new URLSearchParams({ name, type })
    const progress = (percent) => {
      words.textContent = percent < 100 ? say(chatWords.uploading, { name, percent }) : name
    }
    request.open('PUT', `/chat/${chat.dataset.room}/attachments?${query}`)
    request.setRequestHeader('accept', 'application/json')
    request.setRequestHeader('content-type', 'application/octet-stream')
    request.setRequestHeader('x-csrf-token', chat.dataset.csrf)
    request.responseType = 'json'
    request.upload.addEventListener('progress', ({ loaded, total }) => progress(Math.floor((loaded / total) * 99)))
    request.addEventListener('load', () => {
      if (request.status !== 201) return tell(request.response?.detail ?? chatWords.notSent)
      entry.id = request.response.id
      progress(100)
    })
    request.addEventListener('error', () => tell(chatWords.notSent))
    progress(0)
    request.send(file)
    return new Promise((done) => request.addEventListener('loadend', done))
  }

  /** Systems do not know every kind of text by its name, or take it for something else. */
  function typeOf(type, name) {
    if (accepted.includes(type)) return type
    const endings = {
      md: 'text/markdown',
      markdown: 'text/markdown',
      csv: 'text/csv',
      txt: 'text/plain',
      json: 'application/json',
      wav: 'audio/wav',
      mp3: 'audio/mpeg',
    }
    const ending = name.split('.').at(-1)?.toLowerCase()
    return endings[ending] ?? (accepted.includes(`.${ending}`) ? 'text/plain' : type)
  }

  attach.addEventListener('click', () => chosen.click())
  chosen.addEventListener('change', () => {
    for (const file of chosen.files) add(file)
    chosen.value = ''
    prompt.focus()
  })
  prompt.addEventListener('paste', (event) => {
    const { files: pasted, types } = event.clipboardData
    const text = event.clipboardData.getData('text/plain')
    // Cells of a table come with a picture of themselves: whoever pastes them means the text.
    if (!(text && types.includes('text/html'))) for (const file of pasted) add(file)
    const { selectionStart, selectionEnd, value, maxLength } = prompt
    if (value.length - (selectionEnd - selectionStart) + text.length <= maxLength) return
    // The field would cut it without a word.
    event.preventDefault()
    if (add(new File([text], chatWords.pastedName, { type: 'text/plain' }))) tell(chatWords.pasted)
  })
  chat.addEventListener('dragover', (event) => {
    if (!event.dataTransfer?.types.includes('Files')) return
    event.preventDefault()
    composer.classList.add('composer-drop')
  })
  for (const name of ['dragleave', 'drop'])
    chat.addEventListener(name, () => composer.classList.remove('composer-drop'))
  chat.addEventListener('drop', (event) => {
    if (!event.dataTransfer?.files.length) return
    event.preventDefault()
    for (const file of event.dataTransfer.files) add(file)
  })

  grow()
  show()
}
