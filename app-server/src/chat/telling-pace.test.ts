// Tests of the time that telling pages takes: it is a share, nobody is left out, and what is urgent does not wait.
import { expect, test } from '@jest/globals'
import { eventually } from '@sekisho/testing'
import { TellingPace } from './telling-pace.js'

/** Holds the process up for some milliseconds. */
function toil(ms: number): void {
  const until = performance.now() + ms
  while (performance.now() < until);
}

test('work is done at once when there is time, and otherwise in the order in which it was asked for, each once', async () => {
  const pace = new TellingPace()
  const done: string[] = []
  const works = ['a', 'b', 'c'].map((name) => () => {
    done.push(name)
    toil(5)
  })
  for (const work of [...works, ...works]) pace.soon(work)
  expect(done).toEqual(['a'])
  await eventually(() => done.length === 4)
  expect(done).toEqual(['a', 'b', 'c', 'a'])
})

test('most of the time is left to others', async () => {
  const pace = new TellingPace()
  let spent = 0
  const startedAt = performance.now()
  for (let count = 0; count < 10; count++) {
    pace.soon(() => {
      toil(10)
      spent += 10
    })
  }
  await eventually(() => spent === 100)
  expect(performance.now() - startedAt).toBeGreaterThan(250)
})

test('what is urgent does not wait, and what was dropped is not done', async () => {
  const pace = new TellingPace()
  const done: string[] = []
  pace.soon(() => toil(20))
  const dropped = () => void done.push('dropped')
  pace.soon(dropped)
  pace.soon(() => void done.push('later'))
  pace.now(() => void done.push('urgent'))
  pace.drop(dropped)
  expect(done).toEqual(['urgent'])
  await eventually(() => done.includes('later'))
  expect(done).toEqual(['urgent', 'later'])
})
