/** One instruction of a Dockerfile; what continues over several lines is one. */
export type Instruction = { readonly name: string; readonly text: string; readonly line: number }

/** A stage: what stands between two FROM. */
export type Stage = {
  readonly base: string
  readonly name: string
  readonly steps: readonly Instruction[]
}

export function readStages(text: string): readonly Stage[] {
  const stages: { base: string; name: string; steps: Instruction[] }[] = []
  for (const instruction of instructionsOf(text)) {
    if (instruction.name !== 'FROM') {
      stages.at(-1)?.steps.push(instruction)
      continue
    }
    const [base = '', , name = String(stages.length)] = instruction.text.split(/\s+/)
    stages.push({ base, name, steps: [] })
  }
  return stages
}

function instructionsOf(text: string): readonly Instruction[] {
  const found: Instruction[] = []
  let open: { text: string; line: number } | undefined
  for (const [index, raw] of text.split('\n').entries()) {
    if (open === undefined && (raw.trim() === '' || raw.startsWith('#'))) continue
    const line = raw.trim()
    const joined: string = open === undefined ? line : `${open.text} ${line}`
    open = { text: joined.replace(/\s*\\$/, ''), line: open?.line ?? index + 1 }
    if (line.endsWith('\\')) continue
    const [, name = '', rest = ''] = /^(\w+)\s+(.*)$/.exec(open.text) ?? []
    found.push({ name: name.toUpperCase(), text: rest, line: open.line })
    open = undefined
  }
  return found
}

/** The last instruction of that name in a stage. */
export function lastOf({ steps }: Stage, name: string): string | undefined {
  return steps.findLast((step) => step.name === name)?.text
}

/** What is wrong with how the image is made, in words; empty when nothing is. */
export function dockerfileFaults(stages: readonly Stage[]): readonly string[] {
  const last = stages.at(-1)
  if (last === undefined) return ['it has no stage']
  const user = lastOf(last, 'USER') ?? 'root'
  const rules: readonly (readonly [boolean, string])[] = [
    [stages.length > 1, 'it has one stage: what builds would be in what runs'],
    [
      stages.every(({ base }) => /:\d+\.\d+\.\d+-.*slim$/.test(base)),
      'a base is not a pinned slim',
    ],
    [!/^(root|0)\b/.test(user), 'it runs as root'],
    [lastOf(last, 'HEALTHCHECK') !== undefined, 'it has no health check'],
    [lastOf(last, 'STOPSIGNAL') === 'SIGTERM', 'it is not stopped by SIGTERM'],
    [lastOf(last, 'ENTRYPOINT')?.startsWith('[') === true, 'a shell would keep signals from it'],
    [lastOf(last, 'EXPOSE') === '9000', 'it does not expose port 9000'],
  ]
  return rules.flatMap(([holds, fault]) => (holds ? [] : [fault]))
}
