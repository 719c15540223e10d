import { useVirtualizer } from '@tanstack/react-virtual'
import type { CSSProperties, KeyboardEvent, ReactNode } from 'react'
import { memo, useCallback, useRef, useState } from 'react'

export type Column<Row> = {
  readonly title: string
  /** A track of a CSS grid: "minmax(160px, 2fr)", "90px". */
  readonly width: string
  readonly right?: boolean
  /** Left out where there is little room. */
  readonly wide?: boolean
  readonly cell: (row: Row) => ReactNode
  /** What the rows can be ordered by. The largest comes first at the first click. */
  readonly order?: (row: Row) => number | string
}

export type DataTableProps<Row> = {
  readonly label: string
  readonly rows: readonly Row[]
  readonly columns: readonly Column<Row>[]
  readonly keyOf: (row: Row) => string
  readonly onOpen?: (row: Row) => void
  readonly selected?: string | undefined
  readonly rowClass?: (row: Row) => string
  readonly empty: ReactNode
  readonly rowHeight?: number
}

type Ordering = { readonly column: number; readonly descending: boolean }

/** Rows in columns, however many: only those in sight are on the page. */
export function DataTable<Row>(props: DataTableProps<Row>): ReactNode {
  const { label, columns, empty } = props
  const [ordering, setOrdering] = useState<Ordering | undefined>(undefined)
  const rows = ordered(props.rows, columns, ordering)
  return (
    <div
      className="table"
      role="table"
      aria-label={label}
      aria-rowcount={rows.length}
      style={tracksOf(columns)}
    >
      <Head columns={columns} ordering={ordering} onOrder={setOrdering} />
      {rows.length === 0 ? (
        <div role="rowgroup" className="table-empty">
          <div role="row">
            <div role="cell">{empty}</div>
          </div>
        </div>
      ) : (
        <Body {...props} rows={rows} />
      )}
    </div>
  )
}

/** The rows, in a frame that scrolls. */
function Body<Row>(props: DataTableProps<Row>): ReactNode {
  const { label, columns, keyOf, rows, rowHeight = 30 } = props
  const scroller = useRef<HTMLDivElement>(null)
  const open = useSteady(props.onOpen as Open | undefined)
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 8,
    getItemKey: (index) => keyOfAt(rows, index, keyOf),
  })
  const height = virtualizer.getTotalSize()
  return (
    <div
      ref={scroller}
      role="rowgroup"
      className="table-body"
      tabIndex={0}
      aria-label={`${label}, rows`}
      onKeyDown={(event) => moveFocus(event, scroller.current)}
    >
      <div className="table-space" role="presentation" style={{ height }}>
        {virtualizer.getVirtualItems().map(({ index, key, start, size }) => {
          const row = rows[index]
          if (row === undefined) return null
          return (
            <MemoLine
              key={key}
              row={row}
              index={index}
              columns={columns as readonly Column<unknown>[]}
              className={classOf(props, row)}
              top={start}
              height={size}
              open={open}
            />
          )
        })}
      </div>
    </div>
  )
}

/** The tracks of the grid, where there is room and where there is not. */
function tracksOf<Row>(columns: readonly Column<Row>[]): CSSProperties {
  const narrow = columns.filter(({ wide }) => wide !== true)
  return {
    '--tracks': columns.map(({ width }) => width).join(' '),
    '--tracks-narrow': narrow.map(({ width }) => width).join(' '),
  } as CSSProperties
}

type Open = (row: unknown) => void

/** The same function at every drawing, which does what the last one was given to do. */
function useSteady(onOpen: Open | undefined): Open | undefined {
  const latest = useRef(onOpen)
  latest.current = onOpen
  const steady = useCallback((row: unknown) => latest.current?.(row), [])
  return onOpen === undefined ? undefined : steady
}

function Head<Row>({ columns, ordering, onOrder }: HeadProps<Row>): ReactNode {
  return (
    <div role="rowgroup">
      <div role="row" className="table-row table-head">
        {columns.map((column, index) => {
          const isOrdered = ordering?.column === index
          const direction = ordering?.descending === true ? 'descending' : 'ascending'
          return (
            <div
              key={column.title}
              role="columnheader"
              className={cellClass(column)}
              {...(isOrdered ? { 'aria-sort': direction } : {})}
            >
              {column.order === undefined ? (
                column.title
              ) : (
                <button type="button" onClick={() => onOrder(nextOrdering(ordering, index))}>
                  {column.title}
                  <span aria-hidden="true">
                    {isOrdered ? (ordering.descending ? ' ↓' : ' ↑') : ''}
                  </span>
                </button>
              )}
            </div>
          )
        })}
      </div>
    </div>
  )
}

type HeadProps<Row> = {
  readonly columns: readonly Column<Row>[]
  readonly ordering: Ordering | undefined
  readonly onOrder: (ordering: Ordering | undefined) => void
}

type LineProps = {
  readonly row: unknown
  readonly index: number
  readonly columns: readonly Column<unknown>[]
  readonly className: string
  readonly top: number
  readonly height: number
  readonly open: Open | undefined
}

function Line({ row, index, columns, className, top, height, open }: LineProps): ReactNode {
  return (
    <div
      role="row"
      aria-rowindex={index + 1}
      className={className}
      style={{ height, transform: `translateY(${top}px)` }}
      {...(open === undefined
        ? {}
        : {
            tabIndex: -1,
            onClick: () => open(row),
            onKeyDown: (event: KeyboardEvent) => {
              if (event.key === 'Enter' && event.target === event.currentTarget) open(row)
            },
          })}
    >
      {columns.map((column) => (
        <div key={column.title} role="cell" className={cellClass(column)}>
          {column.cell(row)}
        </div>
      ))}
    </div>
  )
}

/** Of the rows in sight most are as they were at the last change: they are not drawn again. */
const MemoLine = memo(Line)

function cellClass<Row>({ right, wide }: Column<Row>): string {
  return `${right === true ? 'right' : ''}${wide === true ? ' wide' : ''}`
}

function classOf<Row>(
  { keyOf, onOpen, rowClass, selected }: DataTableProps<Row>,
  row: Row,
): string {
  const chosen = selected !== undefined && keyOf(row) === selected ? ' selected' : ''
  const opens = onOpen === undefined ? '' : ' opens'
  return `table-row table-line${opens}${chosen} ${rowClass?.(row) ?? ''}`
}

function ordered<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  ordering: Ordering | undefined,
): readonly Row[] {
  const order = ordering === undefined ? undefined : columns[ordering.column]?.order
  if (ordering === undefined || order === undefined) return rows
  const sign = ordering.descending ? -1 : 1
  return rows.toSorted((a, b) => {
    const [left, right] = [order(a), order(b)]
    return left === right ? 0 : left < right ? -sign : sign
  })
}

/** Largest first, then smallest first, then as it comes. */
function nextOrdering(known: Ordering | undefined, column: number): Ordering | undefined {
  if (known?.column !== column) return { column, descending: true }
  return known.descending ? { column, descending: false } : undefined
}

function keyOfAt<Row>(rows: readonly Row[], index: number, keyOf: (row: Row) => string): string {
  const row = rows[index]
  return row === undefined ? String(index) : keyOf(row)
}

/** Up and down, as arrows or as j and k. */
function moveFocus(event: KeyboardEvent, body: HTMLElement | null): void {
  const down = event.key === 'ArrowDown' || event.key === 'j'
  const up = event.key === 'ArrowUp' || event.key === 'k'
  if (body === null || (!down && !up)) return
  const lines = [...body.querySelectorAll<HTMLElement>('.table-line.opens')].toSorted(
    (a, b) => Number(a.ariaRowIndex) - Number(b.ariaRowIndex),
  )
  if (lines.length === 0) return
  event.preventDefault()
  const at = lines.findIndex((line) => line === document.activeElement)
  const next = at < 0 ? 0 : at + (down ? 1 : -1)
  lines[Math.max(0, Math.min(lines.length - 1, next))]?.focus()
}
