// Saves a form as one types: each changed answer a second after the last key, and when the page is left.
// Without it the form's own "Save" does the same. What cannot be saved stays in the page, and is sent again.
(function () {
  'use strict'

  const PAUSE_MS = 1000
  const RETRY_MS = 15000
  const form = document.querySelector('form[data-autosave]')
  if (!form) return
  const status = form.querySelector('[data-autosave-status]')
  const boxes = Array.from(form.querySelectorAll('[data-answer]'))
  const answers = new Map(boxes.map((box) => [box.dataset.answer, { box, sent: '', conflict: false }]))
  let timer = null
  let busy = false
  let stopped = false // the record is finalised, or belongs to somebody else now: sending again would change nothing

  function say(text) {
    if (status.textContent !== text) status.textContent = text
  }

  const tokenOf = (name) => form.elements.namedItem(`was_${name}`)

  // The inputs of one answer as they would be sent, without the choice between two texts.
  function pairsOf(name) {
    const pairs = []
    for (const input of answers.get(name).box.querySelectorAll('input, textarea, select')) {
      if (!input.name || input.name === `was_${name}` || input.name === `keep_${name}`) continue
      if ((input.type === 'radio' || input.type === 'checkbox') && !input.checked) continue
      pairs.push([input.name, input.value])
    }
    return pairs
  }

  const textOf = (name) => JSON.stringify(pairsOf(name))
  for (const name of answers.keys()) answers.get(name).sent = textOf(name)

  // Answers that two people wrote wait for a choice; nothing is sent over the other's text.
  const changed = () =>
    Array.from(answers.keys()).filter((name) => {
      const one = answers.get(name)
      return !one.conflict && !one.box.querySelector(`[name="keep_${name}"]`) && textOf(name) !== one.sent
    })

  function bodyOf(names) {
    const body = new URLSearchParams()
    body.append('csrfmiddlewaretoken', form.elements.namedItem('csrfmiddlewaretoken').value)
    for (const name of names) {
      body.append(`was_${name}`, tokenOf(name).value)
      for (const [key, value] of pairsOf(name)) body.append(key, value)
    }
    return body
  }

  function part(tag, text, className) {
    const element = document.createElement(tag)
    if (className) element.className = className
    element.textContent = text
    return element
  }

  function button(text, press) {
    const element = part('button', text, 'govuk-button govuk-button--secondary')
    element.type = 'button'
    element.addEventListener('click', press)
    return element
  }

  function put(name, value) {
    const { box } = answers.get(name)
    const dates = box.querySelectorAll('.govuk-date-input__input')
    const radios = box.querySelectorAll(`[name="${name}"][type="radio"]`)
    const parts = value ? value.split(' ') : ['', '', '']
    if (dates.length) dates.forEach((input, at) => (input.value = parts[at] || ''))
    else if (radios.length) radios.forEach((input) => (input.checked = input.value === value))
    else box.querySelector(`[name="${name}"]`).value = value
  }

  function labelled(name, value) {
    const radio = answers.get(name).box.querySelector(`[name="${name}"][type="radio"][value="${CSS.escape(value)}"]`)
    const label = radio && form.querySelector(`label[for="${radio.id}"]`)
    return label ? label.textContent.trim() : value || 'Nothing'
  }

  // "S. Khan changed this at 14:02 while you were writing": both texts are shown, and one is chosen.
  function ask(name, told) {
    const one = answers.get(name)
    one.conflict = true
    const panel = part('div', '', 'govuk-inset-text app-theirs')
    panel.setAttribute('role', 'group')
    panel.setAttribute('aria-label', told.sentence)
    panel.append(part('p', `${told.sentence}.`, 'govuk-body govuk-!-font-weight-bold'))
    const theirs = part('p', `Theirs: ${labelled(name, told.conflict)}`, 'govuk-body app-break')
    const yours = part('p', `Yours: ${labelled(name, told.yours)}`, 'govuk-body app-break')
    for (const text of [theirs, yours]) text.style.whiteSpace = 'pre-line'
    const done = (text) => {
      one.conflict = false
      panel.remove()
      say(text)
    }
    const group = part('div', '', 'govuk-button-group')
    group.append(
      button('Keep yours', () => {
        tokenOf(name).value = told.was
        one.sent = ''
        done('Saving')
        save()
      }),
      button('Keep theirs', () => {
        tokenOf(name).value = told.was
        put(name, told.conflict)
        one.sent = textOf(name)
        done('Theirs is kept')
      })
    )
    panel.append(theirs, yours, group)
    one.box.append(panel)
    say(`${told.sentence}. Choose which text to keep.`)
  }

  function learn(name, told, sent) {
    const one = answers.get(name)
    const old = one.box.querySelector('[data-autosave-problem]')
    if (old) old.remove()
    if (told.problem) {
      const note = part('p', told.problem, 'govuk-error-message')
      note.dataset.autosaveProblem = ''
      one.box.append(note)
      one.sent = sent
      return false
    }
    if ('conflict' in told) {
      ask(name, told)
      return false
    }
    tokenOf(name).value = told.was
    one.sent = sent
    return true
  }

  const REFUSED = {
    403: 'Not saved: you may not write in this record now. Your text is still here, to copy.',
    404: 'Not saved: this record is no longer shown to you. Your text is still here, to copy.',
    413: 'Not saved: that is more than the portal takes at once. Your text is still here. Shorten it.'
  }
  const SIGNED_OUT =
    'Not saved: you have been signed out. Your text is still here. Sign in again in another tab and come back to this one.'
  const OFFLINE = 'Not saved: there is no connection. Your text is still here and is sent again by itself.'

  // Signing in again gives every page a new token: the one of this page is put in its place.
  async function renewed() {
    const answer = await fetch(window.location.href, { credentials: 'same-origin', redirect: 'manual' })
    if (!answer.ok) return false
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html')
    const fresh = page.querySelector('form[data-autosave] [name="csrfmiddlewaretoken"]')
    if (!fresh) return false
    form.elements.namedItem('csrfmiddlewaretoken').value = fresh.value
    return true
  }

  const post = (names) =>
    fetch(form.dataset.autosave, {
      method: 'POST',
      body: bodyOf(names),
      credentials: 'same-origin',
      redirect: 'manual',
      headers: { Accept: 'application/json', 'X-CSRFToken': form.elements.namedItem('csrfmiddlewaretoken').value }
    })

  async function send(names) {
    const sent = new Map(names.map((name) => [name, textOf(name)]))
    let answer = await post(names)
    if (answer.status === 403 && (await renewed())) answer = await post(names)
    if (answer.type === 'opaqueredirect') return { text: SIGNED_OUT }
    if (answer.status === 409) {
      stopped = true
      return { text: `Not saved: ${(await answer.json()).problem} Your text is still here, to copy.` }
    }
    if (!answer.ok) return { text: REFUSED[answer.status] || OFFLINE, again: !(answer.status in REFUSED) }
    const told = await answer.json()
    for (const [name, text] of sent) if (!(name in told.answers)) answers.get(name).sent = text
    const kept = Object.entries(told.answers).map(([name, one]) => learn(name, one, sent.get(name)))
    return { text: kept.every(Boolean) ? `Saved at ${told.saved_at}` : '' }
  }

  async function save() {
    const names = stopped ? [] : changed()
    if (busy || !names.length) return
    busy = true
    let outcome
    try {
      outcome = await send(names)
    } catch (problem) {
      outcome = { text: OFFLINE, again: true }
    }
    busy = false
    if (outcome.text) say(outcome.text)
    if (outcome.again) later(RETRY_MS)
    else if (outcome.text.startsWith('Saved') && changed().length) later(PAUSE_MS)
  }

  function later(milliseconds) {
    window.clearTimeout(timer)
    timer = window.setTimeout(save, milliseconds)
  }

  form.addEventListener('input', () => later(PAUSE_MS))
  form.addEventListener('change', () => later(PAUSE_MS))
  for (const back of ['online', 'focus']) window.addEventListener(back, () => later(0))
  // Leaving: the answer to this is not waited for, so the page cannot learn of it; its versions keep it safe.
  const leave = () => {
    const names = stopped || busy ? [] : changed()
    if (names.length && navigator.sendBeacon(form.dataset.autosave, bodyOf(names))) window.clearTimeout(timer)
  }
  let submitting = false
  form.addEventListener('submit', () => {
    submitting = true // the form itself carries everything
    window.clearTimeout(timer)
  })
  window.addEventListener('pagehide', () => submitting || leave())
  window.addEventListener('pageshow', () => (submitting = false))
  document.addEventListener('visibilitychange', () => document.hidden && !submitting && save())
})()
