import { readFile } from 'node:fs/promises'
import path from 'node:path'
import type { Context, MiddlewareHandler } from 'hono'

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
}

/** Built files are named after their content: what was fetched once is good for ever. */
const forAYear = 'public, max-age=31536000, immutable'

/**
 * Serves the built dashboard from `folder`.
 *
 * Its pages are one document that finds its way by the address, so a path that is no file is that
 * document. Until it is built, a page that asks again says so.
 */
export function dashboardFiles(folder: string): MiddlewareHandler {
  return async (context) => {
    const asset = /^\/(?:assets\/)?([\w-][\w.-]*\.\w+)$/.exec(context.req.path)
    if (asset !== null) return serveAsset(context, folder)
    const page = await read(path.join(folder, 'index.html'))
    context.header('cache-control', 'no-cache')
    return page === undefined ? context.html(unbuiltPage, 503) : context.html(page.toString(), 200)
  }
}

async function serveAsset(context: Context, folder: string): Promise<Response> {
  const file = path.join(folder, context.req.path)
  const type = contentTypes[path.extname(file)]
  const bytes = type === undefined ? undefined : await read(file)
  if (type === undefined || bytes === undefined) return context.text('no such file\n', 404)
  const lasting = context.req.path.startsWith('/assets/')
  context.header('content-type', type)
  context.header('cache-control', lasting ? forAYear : 'no-cache')
  return context.body(new Uint8Array(bytes), 200)
}

async function read(file: string): Promise<Buffer | undefined> {
  try {
    return await readFile(file)
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT'
    if (isMissing) return undefined
    throw error
  }
}

const unbuiltPage = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="refresh" content="1">
<title>Prediction Engine</title>
</head>
<body>
<p>The dashboard is being built; this page opens it when it is there.</p>
<p>It stays like this? Build it by hand: <code>npm run build:web</code></p>
</body>
</html>
`
