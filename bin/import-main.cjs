'use strict'

// A file of its own, because `import()` is a syntax error on the Nodes that the launcher must
// still be able to answer.

const { pathToFileURL } = require('node:url')

/** Loads the command line, which runs when it is loaded. */
function importMain(file) {
  return import(pathToFileURL(file).href)
}

module.exports = { importMain }
