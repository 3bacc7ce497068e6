// First in <body>, so that what scripts will enhance does not flicker. A file, because the page allows no inline script.
document.body.className += ' js-enabled' + ('noModule' in HTMLScriptElement.prototype ? ' govuk-frontend-supported' : '')
