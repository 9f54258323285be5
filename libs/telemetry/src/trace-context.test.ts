// Which trace contexts are followed, and which are as good as none.
import { describe, expect, test } from '@jest/globals'
import { findTraceContext, parseTraceparent } from './trace-context.js'

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736'
const spanId = '00f067aa0ba902b7'
const traceparent = `00-${traceId}-${spanId}-01`

describe('a trace context', () => {
  test('is taken with its state', () => {
    expect(findTraceContext({ traceparent, tracestate: 'rojo=1', other: 2 })).toEqual({
      traceparent,
      tracestate: 'rojo=1',
    })
    expect(parseTraceparent(traceparent)).toEqual({ traceId, spanId, traceFlags: 1 })
  })

  test('of a later version is read as far as this one goes', () => {
    expect(parseTraceparent(`01-${traceId}-${spanId}-03-more`)).toEqual({ traceId, spanId, traceFlags: 1 })
  })

  test.each([
    undefined,
    null,
    'text',
    {},
    { traceparent: [traceparent, traceparent] },
    { traceparent: traceparent.toUpperCase() },
    { traceparent: `ff-${traceId}-${spanId}-01` },
    { traceparent: `00-${'0'.repeat(32)}-${spanId}-01` },
    { traceparent: `00-${traceId}-${'0'.repeat(16)}-01` },
    { traceparent: `${traceparent}-more` },
    { traceparent: `01-${traceId}-${spanId}-01-${'x'.repeat(300)}` },
    { traceparent: `${traceparent}\r\nx: y` },
  ])('is none when it is %j', (carrier) => expect(findTraceContext(carrier)).toBeUndefined())

  test('goes without a state that is too long to be carried', () => {
    expect(findTraceContext({ traceparent, tracestate: 'a='.padEnd(600, 'x') })).toEqual({ traceparent })
  })
})
