import { fullTime } from '../format.ts'

/** A time in short words, in full for whoever points at it. */
export function Time(props: { at: number; children: string }) {
  return (
    <time datetime={new Date(props.at).toISOString()} data-tip={fullTime(props.at)}>
      {props.children}
    </time>
  )
}
