// Keeps the account of a run up to date: asks for the same part of the page every few seconds, and stops when it is over.
// Without it the page's own link does the same.
(function () {
  'use strict'

  const EVERY_MS = 3000
  const SAY_EVERY_MS = 15000
  const MOST_FAILURES = 10
  const part = document.querySelector('[data-progress-url]')
  const said = document.querySelector('[data-progress-said]')
  if (!part || !said) return
  let saidAt = 0
  let failures = 0

  // Numbers that change every few seconds would be read out without an end: said now and then, and at the end.
  function say(words, isLast) {
    if (!isLast && (performance.now() - saidAt < SAY_EVERY_MS || said.textContent === words)) return
    said.textContent = words
    saidAt = performance.now()
  }

  async function update() {
    try {
      const answer = await fetch(part.dataset.progressUrl, { credentials: 'same-origin', redirect: 'error' })
      if (!answer.ok) throw new Error(String(answer.status))
      failures = 0
      const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html').querySelector('[data-progress]')
      if (!fresh) return false
      const focused = part.contains(document.activeElement)
      if (!focused) part.replaceChildren(fresh)
      const isOver = fresh.dataset.progress === 'over'
      // A page that shows the whole outcome in this part has nothing left to update.
      const isShown = 'shown' in fresh.dataset && !focused
      say(isOver && !isShown ? 'It is over. Update this page to see the account.' : fresh.dataset.said, isOver)
      return !isOver || focused
    } catch (problem) {
      failures += 1
      if (failures < MOST_FAILURES) return true
      say('This page is no longer updated by itself. Use the link “Update this page”.', true)
      said.classList.remove('govuk-visually-hidden')
      said.classList.add('govuk-body')
      return false
    }
  }

  async function again() {
    if (document.hidden || (await update())) window.setTimeout(again, EVERY_MS)
  }
  window.setTimeout(again, EVERY_MS)
})()
