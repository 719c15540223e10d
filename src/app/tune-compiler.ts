import { setFlagsFromString } from 'node:v8'

/**
 * Lets the compiler put more small functions in place than it does by itself.
 *
 * Decoding is many small functions, and calls are a fifth of what it takes: measured by
 * `npm run bench -- --only decode`. Must come before the hot code is compiled.
 */
export function tuneCompiler(): void {
  setFlagsFromString('--max-inlined-bytecode-size-cumulative=3000')
}
