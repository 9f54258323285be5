// What the two processes say to each other: the door, the problems and the way settings are read.
export * from './door.js'
export * from './drain.js'
export * from './problem.js'
export * from './settings.js'
