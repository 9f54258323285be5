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
  const maxFiles = Number(composer.dataset.maxFiles)
  const accepted = chosen.accept.split(',')
  /** Files of the message, by their place in the list. */
  const files = new Map()
  let open = composer.dataset.open
  let sending = false
  let uploads = Promise.resolve()

  const headers = { accept: 'application/json', 'x-csrf-token': chat.dataset.csrf }
  const timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone
  composer.elements.time_zone.value = timeZone

  function tell(words) {
    const place = document.getElementById('composer-state')
    place.textContent = words
    place.hidden = words === ''
    if (words) announce(words)
  }

  function show() {
    stop.hidden = !open
    send.hidden = Boolean(open)
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
    if (sending || open || (prompt.value.trim() === '' && ready.length === 0)) return
    if (ready.some(({ id }) => id === undefined)) return tell(chatWords.uploadsFirst)
    sending = true
    show()
    tell(chatWords.sending)
    try {
      const answer = await fetch(composer.action, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        body: JSON.stringify({ prompt: prompt.value, attachments: ready.map(({ id }) => id), time_zone: timeZone }),
      })
      const body = await answer.json()
      if (!answer.ok) return tell(body.detail ?? chatWords.notSent)
      prompt.value = ''
      keepDraft()
      grow()
      for (const item of [...files.keys()]) forget(item)
      tell('')
      follows = true
      toEnd()
      // Without the stream the page has to be asked for the answer.
      if (!source) location.reload()
    } catch {
      tell(chatWords.notSent)
    } finally {
      sending = false
      show()
    }
  }

  chat.addEventListener('open-turn', ({ detail }) => {
    open = detail
    if (!open) tell('')
    show()
  })

  // Files

  function forget(item) {
    files.delete(item)
    item.remove()
    list.hidden = files.size === 0
  }

  function add(file) {
    const name = file.name || 'image.png'
    const type = file.type || typeOf(name)
    if (files.size >= maxFiles) return tell(say(chatWords.tooMany, { count: maxFiles }))
    if (file.size > maxBytes) {
      return tell(say(chatWords.tooLarge, { name, size: `${Math.round(maxBytes / 1_048_576)} MB` }))
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
    const entry = { id: undefined }
    const request = new XMLHttpRequest()
    files.set(item, entry)
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

  /** Systems do not know every kind of text by its name. */
  function typeOf(name) {
    const endings = {
      md: 'text/markdown',
      markdown: 'text/markdown',
      csv: 'text/csv',
      txt: 'text/plain',
      json: 'application/json',
    }
    return endings[name.split('.').at(-1)?.toLowerCase()] ?? ''
  }

  attach.addEventListener('click', () => chosen.click())
  chosen.addEventListener('change', () => {
    for (const file of chosen.files) add(file)
    chosen.value = ''
    prompt.focus()
  })
  prompt.addEventListener('paste', ({ clipboardData }) => {
    for (const file of clipboardData?.files ?? []) add(file)
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

  attach.hidden = false
  grow()
  show()
}
