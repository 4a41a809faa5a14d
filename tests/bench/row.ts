/** One measured figure, as `npm run bench -- --json FILE` writes it. */
export type Row = {
  name: string
  value: number
  unit: string
  /** Of `value` to what it is measured against in the same run. */
  ratio?: number
  /** What must hold, in words: «>= 0.4 of the bare wire». */
  bar?: string
  /** Whether it holds; true where there is no bar. */
  ok: boolean
}

/** A group of rows that belong together; `--only NAME` chooses it. */
export type Group = {
  name: string
  /** Measured with `--full` only: it takes minutes. */
  full?: boolean
  measure: (say: (progress: string) => void) => Promise<Row[]>
}
