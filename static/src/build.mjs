// Builds static/build/: one style sheet and plain scripts, so that hashed file names need no import rewriting.
import { mkdirSync, readFileSync, writeFileSync, copyFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as sass from 'sass'

const source = dirname(fileURLToPath(import.meta.url))
const root = join(source, '..', '..')
const target = join(root, 'static', 'build')
const modules = join(root, 'node_modules')

// A source map comment names a file that is not shipped, and collectstatic stops at it.
const withoutSourceMap = (text) => text.replace(/\/\/# sourceMappingURL=\S+\s*$/, '')

function govukFrontend() {
  const text = withoutSourceMap(readFileSync(join(modules, 'govuk-frontend/dist/govuk/govuk-frontend.min.js'), 'utf8'))
  const exported = /export\{([\w,]+)\};?\s*$/
  if (!exported.test(text)) throw new Error('govuk-frontend.min.js no longer ends in a list of exports: mend build.mjs')
  return text.replace(exported, 'return{$1}')
}

function styles() {
  const { css } = sass.compile(join(source, 'main.scss'), {
    loadPaths: [modules],
    style: 'compressed',
    quietDeps: true
  })
  if (css.length < 50_000) throw new Error('The style sheet is far too small: the Sass settings no longer fit govuk-frontend')
  if (css.includes('@font-face')) throw new Error('The style sheet must not load the GDS Transport font')
  if (css.includes('url(')) throw new Error('The style sheet names a file that is not shipped: collectstatic would stop at it')
  return css
}

rmSync(target, { recursive: true, force: true })
mkdirSync(target, { recursive: true })
writeFileSync(join(target, 'app.css'), styles())
writeFileSync(
  join(target, 'app.js'),
  `(function(){const govuk=(function(){${govukFrontend()}})();\n${readFileSync(join(source, 'app.js'), 'utf8')}})();\n`
)
writeFileSync(
  join(target, 'autocomplete.js'),
  withoutSourceMap(readFileSync(join(modules, 'accessible-autocomplete/dist/accessible-autocomplete.min.js'), 'utf8'))
)
for (const name of ['autosave.js', 'progress.js', 'js-enabled.js', 'favicon.svg']) copyFileSync(join(source, name), join(target, name))
console.log('Built static/build: app.css, app.js, autocomplete.js, autosave.js, progress.js, js-enabled.js, favicon.svg')
