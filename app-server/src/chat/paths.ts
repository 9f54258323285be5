// The addresses of the chat.

export const chatPath = '/chat'

export const roomPath = (roomId: string, rest = '') => `${chatPath}/${roomId}${rest}`

export const turnPath = (turn: { id: string; roomId: string }, act: string) =>
  roomPath(turn.roomId, `/turns/${turn.id}/${act}`)

/** Ids of the elements that the stream of a room renews. */
export const turnElement = (turnId: string) => `t-${turnId}`
export const endElement = (turnId: string) => `e-${turnId}`
export const partElement = (turnId: string, idx: number) => `p-${turnId}-${idx}`
