import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { z } from 'zod'

export type BoardQuery = { readonly board: string; readonly panel: string; readonly query: string }

const Board = z.looseObject({
  uid: z.string(),
  title: z.string(),
  panels: z.array(
    z.looseObject({
      title: z.string(),
      datasource: z.object({ uid: z.string() }).optional(),
      targets: z
        .array(z.object({ expr: z.string().min(1), datasource: z.object({ uid: z.string() }) }))
        .default([]),
    }),
  ),
})

/** What Grafana would put in: its own words are no words of Prometheus. */
const rateInterval = '1m'

/** Every query of every board, as Prometheus would be asked. Throws when a board does not read. */
export function boardQueries(folder: string): readonly BoardQuery[] {
  return readdirSync(folder)
    .toSorted()
    .flatMap((file) => {
      const text = readFileSync(path.join(folder, file), 'utf8')
      const { title: board, panels } = Board.parse(JSON.parse(text))
      return panels.flatMap(({ title: panel, targets }) =>
        targets.map(({ expr }) => ({
          board,
          panel,
          query: expr.replaceAll('$__rate_interval', rateInterval),
        })),
      )
    })
}
